import { type Call, param } from "../http/call.ts";
import { ApiError, notFound } from "../http/errors.ts";
import { json } from "../http/reply.ts";
import type { Route } from "../http/router.ts";
import { runAndWait } from "../query/routes.ts";
import { readFormat } from "../query/run-request.ts";
import type { StoredQuery } from "../query/store.ts";
import { queryJson } from "../query/store.ts";
import type { QueryContext } from "../query/task/tasks.ts";
import { contentTimes, folder } from "./folder.ts";
import { type LookFixture, lookFixtures } from "./look-fixtures.ts";
import { apiUser } from "./people.ts";
import { pageOf, search } from "./search.ts";

export interface Look {
  readonly fixture: LookFixture;
  readonly query: StoredQuery;
}

/** The saved Looks, each with its stored query. */
export function openLooks({ queries }: QueryContext): Look[] {
  return lookFixtures.map((fixture) => ({ fixture, query: queries.create(fixture.query) }));
}

export function lookRoutes(context: QueryContext, looks: readonly Look[]): Route[] {
  const visible = looks.filter(({ fixture }) => !fixture.forbidden);
  const named = (call: Call): Look => {
    const look = looks.find(({ fixture }) => fixture.id === param(call, "look_id"));
    if (look === undefined) throw notFound();
    if (look.fixture.forbidden) throw new ApiError(403, "You do not have permission to access this Look");
    return look;
  };
  return [
    {
      operation: "all_looks",
      method: "GET",
      path: "/looks",
      answer: () => {
        const kept = visible.filter(({ fixture }) => !fixture.deleted);
        return json(kept.map((look) => lookJson(look, context.webUrl())));
      },
    },
    {
      operation: "search_looks",
      method: "GET",
      path: "/looks/search",
      answer: (call) =>
        pageOf(
          call,
          search(call, visible, searchFacts),
          (look) => lookJson(look, context.webUrl()),
          context.webUrl(),
        ),
    },
    {
      operation: "look",
      method: "GET",
      path: "/looks/{look_id}",
      answer: (call) => json(lookWithQueryJson(named(call), context.webUrl())),
    },
    {
      operation: "run_look",
      method: "GET",
      path: "/looks/{look_id}/run/{result_format}",
      answer: (call) => {
        const { query, fixture } = named(call);
        return runAndWait(call, context, {
          query,
          format: readFormat(param(call, "result_format")),
          lookId: fixture.id,
        });
      },
    },
  ];
}

export function lookWithQueryJson(look: Look, webUrl: string) {
  return {
    ...lookJson(look, webUrl),
    query: queryJson(look.query, webUrl),
    url: `/looks/${look.fixture.id}`,
  };
}

function lookJson({ fixture, query }: Look, webUrl: string) {
  const deleted = fixture.deleted ?? false;
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
    content_metadata_id: `1${fixture.id}`,
    id: fixture.id,
    title: fixture.title,
    description: fixture.description,
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
    short_url: `${webUrl}/looks/${fixture.id}`,
    folder,
    folder_id: folder.id,
    is_owner_disabled: false,
  };
}

function searchFacts({ fixture, query }: Look) {
  const { id, title, description } = fixture;
  return {
    id,
    title,
    description,
    folder_id: folder.id,
    user_id: apiUser.id,
    query_id: query.id,
    deleted: fixture.deleted ?? false,
  };
}
