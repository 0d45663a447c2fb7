import type { Source } from "../../core/ports/adapter.ts";
import { drawBody, runRenderTask } from "../drawing/task.ts";
import type { Looker } from "../http/client.ts";
import { overridden } from "../query/body.ts";
import { checkQuery } from "../query/check.ts";
import type { KnownQuery } from "../query/content.ts";
import { changes, runContent } from "../query/run.ts";

/** One tile of a dashboard, as `dashboardSource` finds it. Plain JSON. */
export interface TileOptions {
  /** The dashboard's id. */
  readonly dashboard: string;
  /** The element's id. */
  readonly element: string;
  readonly title: string | null;
  readonly query: KnownQuery;
  /** The dashboard's page. */
  readonly url: string;
  /** How the tile shows its table, where that is not the query's own `vis_config`. */
  readonly visConfig?: unknown;
}

/** Runs a tile of a dashboard with the filters that reach it. No word of the YAML: dashboards are taken apart into these. */
export function tileSource(looker: Looker): Source<TileOptions> {
  return {
    kind: "tile",
    describe: named,
    async run({ query, title, url, visConfig }, request, context) {
      const content = { query, lookId: null, url, visConfig };
      const result = await runContent(looker, content, request, context);
      return { ...result, title, url };
    },
    async draw(options, request, order, context) {
      const { element, query } = options;
      // The render task of an element takes no filters: where they change anything, what is drawn is its query with them.
      if (!changes(query.body, request))
        return runRenderTask(looker, { kind: "element", id: element }, named(options), order, context);
      const body = overridden(query.body, request.filters, request.limit);
      return drawBody(looker, body, named(options), order, context);
    },
    check: ({ query, visConfig }, request, signal) =>
      checkQuery(looker, { read: async () => query.body, place: null, visConfig }, request, signal),
  };
}

function named({ dashboard, element, title }: TileOptions): string {
  return title === null
    ? `tile ${element} of dashboard ${dashboard}`
    : `the tile "${title}" of dashboard ${dashboard}`;
}
