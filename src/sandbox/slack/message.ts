/** A message in Slack's own shape (https://docs.slack.dev/reference/objects). */
export type SlackMessage = {
  type: "message";
  user: string;
  ts: string;
  text: string;
  bot_id: string;
  app_id: string;
  team: string;
  bot_profile: { id: string; name: string; app_id: string; team_id: string };
  blocks?: readonly Record<string, unknown>[];
  attachments?: readonly Record<string, unknown>[];
  thread_ts?: string;
  /** Only a reply that was also sent to the channel. */
  subtype?: "thread_broadcast";
  metadata?: { event_type: string; event_payload: Record<string, unknown> };
  files?: SlackFile[];
  edited?: { user: string; ts: string };
};

export type SlackFile = {
  id: string;
  created: number;
  name: string;
  title: string;
  mimetype: string;
  user: string;
  size: number;
  mode: "hosted";
  is_external: false;
  url_private: string;
  url_private_download: string;
  permalink: string;
  /** Where it has been shared: kind -> channel id -> the posts. */
  shares: Record<
    "public" | "private",
    Record<string, { ts: string; thread_ts?: string; channel_name: string }[]>
  >;
  /** Name of the stored file in `<outbox>/slack/files`. */
  stored_as: string;
};
