/** The one folder that all content of the sandbox lies in. */
export const folder = {
  can: { show: true, index: true },
  id: "1",
  name: "Shared",
  parent_id: null,
  content_metadata_id: "1",
  created_at: null,
  creator_id: null,
  child_count: 0,
  external_id: null,
  is_embed: false,
  is_embed_shared_root: false,
  is_embed_users_root: false,
  is_personal: false,
  is_personal_descendant: false,
  is_shared_root: true,
  is_users_root: false,
};

/** When the content was made, and when it was last looked at. */
export const contentTimes = {
  created_at: "2026-01-05T09:00:00.000+00:00",
  updated_at: "2026-02-02T09:00:00.000+00:00",
  last_accessed_at: null,
  last_viewed_at: null,
};
