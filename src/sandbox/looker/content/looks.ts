import { type Call, param } from "../http/call.ts";
import { ApiError, notFound } from "../http/errors.ts";
import { json } from "../http/reply.ts";
import type { Route } from "../http/router.ts";
import { queryJson } from "../query/json.ts";
import type { QueryRoom } from "../query/module.ts";
import { runAndWait } from "../query/routes.ts";
import { readFormat } from "../query/run-request.ts";
import type { StoredQuery } from "../query/store.ts";
import { contentTimes, folder } from "./folder.ts";
import { type ShelvedLook, shelvedLooks } from "./look-fixtures.ts";
import { apiUser } from "./people.ts";
import { search } from "./search.ts";

export interface Look {
  readonly shelved: ShelvedLook;
  readonly query: StoredQuery;
}

/** The saved Looks, each with its stored query. */
export function fillShelf({ queries }: QueryRoom): Look[] {
  return shelvedLooks.map((shelved) => ({ shelved, query: queries.create(shelved.query) }));
}

export function lookRoutes(room: QueryRoom, looks: readonly Look[]): Route[] {
  const visible = looks.filter(({ shelved }) => !shelved.forbidden);
  const named = (call: Call): Look => {
    const look = looks.find(({ shelved }) => shelved.id === param(call, "look_id"));
    if (look === undefined) throw notFound();
    if (look.shelved.forbidden) throw new ApiError(403, "You do not have permission to access this Look");
    return look;
  };
  return [
    {
      operation: "all_looks",
      method: "GET",
      path: "/looks",
      answer: () => {
        const kept = visible.filter(({ shelved }) => !shelved.deleted);
        return json(kept.map((look) => lookJson(look, room.webUrl())));
      },
    },
    {
      operation: "search_looks",
      method: "GET",
      path: "/looks/search",
      answer: (call) => json(search(call, visible, searchFacts).map((look) => lookJson(look, room.webUrl()))),
    },
    {
      operation: "look",
      method: "GET",
      path: "/looks/{look_id}",
      answer: (call) => json(lookWithQueryJson(named(call), room.webUrl())),
    },
    {
      operation: "run_look",
      method: "GET",
      path: "/looks/{look_id}/run/{result_format}",
      answer: (call) => {
        const { query, shelved } = named(call);
        return runAndWait(call, room, {
          query,
          format: readFormat(param(call, "result_format")),
          lookId: shelved.id,
        });
      },
    },
  ];
}

export function lookWithQueryJson(look: Look, webUrl: string) {
  return {
    ...lookJson(look, webUrl),
    query: queryJson(look.query, webUrl),
    url: `/looks/${look.shelved.id}`,
  };
}

function lookJson({ shelved, query }: Look, webUrl: string) {
  const deleted = shelved.deleted ?? false;
  return {
    can: {
      show: true,
      index: true,
      run: true,
      download: true,
      download_unlimited: true,
      explore: true,
      update: false,
    },
    content_metadata_id: `1${shelved.id}`,
    id: shelved.id,
    title: shelved.title,
    description: shelved.description,
    user_id: apiUser.id,
    user_name: apiUser.display_name,
    content_favorite_id: null,
    ...contentTimes,
    deleted,
    deleted_at: deleted ? contentTimes.updated_at : null,
    deleter_id: deleted ? apiUser.id : null,
    last_updater_id: apiUser.id,
    embed_url: null,
    excel_file_url: null,
    google_spreadsheet_formula: null,
    image_embed_url: null,
    favorite_count: 0,
    view_count: 0,
    is_run_on_load: true,
    model: { id: query.body.model, label: query.body.model },
    public: false,
    public_slug: null,
    public_url: null,
    query_id: query.id,
    short_url: `${webUrl}/looks/${shelved.id}`,
    folder,
    folder_id: folder.id,
    is_owner_disabled: false,
  };
}

function searchFacts({ shelved, query }: Look) {
  const { id, title, description } = shelved;
  return {
    id,
    title,
    description,
    folder_id: folder.id,
    user_id: apiUser.id,
    query_id: query.id,
    deleted: shelved.deleted ?? false,
  };
}
