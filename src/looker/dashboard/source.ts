import { ReportError } from "../../core/error.ts";
import { type Problem, problemOf } from "../../core/model/problem.ts";
import type { Source } from "../../core/ports/adapter.ts";
import { count } from "../../core/rules/quantity.ts";
import { refuseElsewhere } from "../connection/same-looker.ts";
import { runRenderTask } from "../drawing/task.ts";
import type { Looker } from "../http/client.ts";
import { hiddenFieldsNamed } from "../query/check.ts";
import {
  asQueryString,
  drawnWith,
  filterValues,
  missingValues,
  unknownFilter,
  unknownInAddress,
} from "./filters.ts";
import type { DashboardOptions } from "./id.ts";
import { namedDashboard } from "./id.ts";
import { type Dashboard, readDashboard } from "./read.ts";
import type { TileOptions } from "./tile-source.ts";
import { partsOfDashboard } from "./tiles.ts";

/** Each has a query to run and a place in the message. Looker advises against more than 25. */
const TILES_MAX = 200;

/** A dashboard: taken apart into its tiles, or drawn as a whole. */
export function dashboardSource(looker: Looker): Source<DashboardOptions> {
  /** The dashboard with what it is to be filtered by. Throws ReportError for a filter that it does not have. */
  async function filtered(
    options: DashboardOptions,
    given: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) {
    const named = namedDashboard(options);
    const dashboard = await readDashboard(looker, named.id, signal);
    refuseElsewhere(options, looker.baseUrl, dashboard.url);
    const filters = filterValues(dashboard, named, given);
    const [unknown] = filters.unknown;
    if (unknown !== undefined) throw unknownFilter(dashboard, unknown);
    const [addressed] = filters.unknownInAddress;
    if (addressed !== undefined) throw unknownInAddress(dashboard, addressed);
    return { dashboard, filters };
  }

  return {
    kind: "dashboard",
    describe: (options) => `dashboard ${namedDashboard(options).id}`,
    async run() {
      throw new TypeError("A dashboard is not run: its tiles are, which `expand` gives.");
    },
    async expand(options, request, signal) {
      const { dashboard, filters } = await filtered(options, request.filters, signal);
      if (dashboard.elements.length > TILES_MAX) throw tooManyTiles(dashboard);
      return partsOfDashboard(looker, dashboard, filters, signal);
    },
    /** Its tiles have their own limits: the request's is for tables. */
    async draw(options, request, order, context) {
      const { dashboard, filters } = await filtered(options, request.filters, context.signal);
      const [field] = Object.keys(filters.fields);
      if (field !== undefined) throw notDrawn(dashboard.id, field);
      const drawing = {
        kind: "dashboard",
        id: dashboard.id,
        filters: asQueryString(drawnWith(filters.values)),
      } as const;
      return runRenderTask(looker, drawing, `dashboard ${dashboard.id}`, order, context);
    },
    async check(options, request, signal) {
      try {
        const named = namedDashboard(options);
        const dashboard = await readDashboard(looker, named.id, signal);
        refuseElsewhere(options, looker.baseUrl, dashboard.url);
        const filters = filterValues(dashboard, named, request.filters);
        const unknown = [
          ...filters.unknown.map((word) => problemOf(unknownFilter(dashboard, word), ["filters", word])),
          ...filters.unknownInAddress.map((word) => problemOf(unknownInAddress(dashboard, word))),
        ];
        const missing = missingValues(dashboard, filters).map(({ title }) => wanting(dashboard.id, title));
        // What fails now is about fields that no tile knows.
        const parts = await partsOfDashboard(looker, dashboard, filters, signal);
        const hidden = parts.flatMap(({ content }) => {
          if (content === null) return [];
          const { query, visConfig } = content.source.options as TileOptions;
          return hiddenFieldsNamed(query.body, request, visConfig);
        });
        const [field] = (request.drawings ?? []).length > 0 ? Object.keys(filters.fields) : [];
        const undrawn =
          field === undefined ? [] : [problemOf(notDrawn(dashboard.id, field), ["filters", field])];
        return [...unknown, ...missing, ...undrawn, ...hidden];
      } catch (error) {
        if (!(error instanceof ReportError)) throw error;
        return [problemOf(error)];
      }
    },
  };
}

function wanting(id: string, title: string): Problem {
  return {
    message: `The filter "${title}" of dashboard ${id} needs a value, and has none: the tiles that listen to it will not be run.`,
    advice: `Give it one under \`filters:\`, or a default value in Looker.`,
    path: ["filters"],
  };
}

function notDrawn(id: string, field: string): ReportError {
  return new ReportError(
    `Looker draws dashboard ${id} only with its own filters: ${field} is not one of them.`,
    {
      code: "config",
      advice: "Add a filter for the field to the dashboard in Looker, or leave png and pdf out.",
    },
  );
}

function tooManyTiles({ id, elements }: Dashboard): ReportError {
  return new ReportError(
    `Dashboard ${id} has ${count(elements.length)} tiles; a report takes up to ${TILES_MAX} of a dashboard.`,
    {
      code: "too_large",
      advice: "Take it apart in Looker, or name the Looks and queries that matter under `sections:`.",
    },
  );
}
