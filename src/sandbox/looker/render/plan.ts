import type { Dashboard, Tile } from "../content/dashboard/elements.ts";
import { tileQuery } from "../content/dashboard/elements.ts";
import type { Place } from "../content/dashboard/fixtures.ts";
import type { Look } from "../content/looks.ts";
import { readGrid } from "../draw/grid.ts";
import { type DashboardForm, drawDashboard, drawSingle } from "../draw/page.ts";
import type { Picture } from "../draw/shape.ts";
import type { TileContent } from "../draw/tile.ts";
import type { QueryStore, StoredQuery } from "../query/store.ts";

/** A tile that is to be drawn, and the query whose result it shows. */
export interface PlannedTile {
  readonly title: string;
  readonly note: string | null;
  readonly query: StoredQuery | null;
  readonly text: { readonly subtitle: string; readonly paragraphs: readonly string[] } | null;
  readonly place: Place | null;
}

/** One tile by itself, or a page of them with its title and what its filters are set to. */
export type Planned =
  | { readonly kind: "single"; readonly tiles: readonly [PlannedTile] }
  | {
      readonly kind: "dashboard";
      readonly title: string;
      readonly filters: readonly string[];
      readonly tiles: readonly PlannedTile[];
    };

export function planLook({ fixture, query }: Look): Planned {
  return single(fixture.title, query);
}

/** A query has no title of its own. */
export function planQuery(query: StoredQuery): Planned {
  return single("", query);
}

function single(title: string, query: StoredQuery): Planned {
  return { kind: "single", tiles: [{ title, note: null, query, text: null, place: null }] };
}

/** An element takes no filters of its dashboard but their defaults. */
export function planElement(dashboard: Dashboard, tile: Tile, queries: QueryStore): Planned {
  return { kind: "single", tiles: [plannedTile(dashboard, tile, queries, new Map())] };
}

/** `values` are those of the filters that were named, by name; the others have their defaults. */
export function planDashboard(
  dashboard: Dashboard,
  values: ReadonlyMap<string, string>,
  queries: QueryStore,
): Planned {
  const shown = dashboard.tiles.filter(({ fixture }) => fixture.place !== null && !fixture.place.removed);
  return {
    kind: "dashboard",
    title: dashboard.fixture.title,
    filters: dashboard.fixture.filters.map(({ name, title, defaultValue }) => {
      const value = values.get(name) ?? defaultValue ?? "";
      return `${title} is ${value === "" ? "any value" : value}`;
    }),
    tiles: shown.map((tile) => plannedTile(dashboard, tile, queries, values)),
  };
}

function plannedTile(
  dashboard: Dashboard,
  tile: Tile,
  queries: QueryStore,
  values: ReadonlyMap<string, string>,
): PlannedTile {
  const { source, title, titleHidden, note, place } = tile.fixture;
  const own = source.kind === "text" ? source.title : title;
  return {
    title: titleHidden ? "" : (own ?? ""),
    note: note === undefined || note.display === "hover" ? null : note.text,
    query: tileQuery(dashboard, tile, values, queries),
    text: textOf(tile),
    place,
  };
}

function textOf({ fixture: { source } }: Tile): PlannedTile["text"] {
  if (source.kind === "button") return { subtitle: "", paragraphs: [source.label] };
  if (source.kind !== "text") return null;
  const body = source.rich
    ? [...source.body.matchAll(/"text":"([^"]*)"/g)].map(([, text]) => text).join(" ")
    : source.body;
  return { subtitle: source.subtitle ?? "", paragraphs: body.replaceAll("**", "").split("\n\n") };
}

/** A tile's data as json_detail, or why there is none. */
export type TileResult = { readonly detail: Iterable<string> } | { readonly error: string };

/** `results` are of the tiles' queries, in the order of the tiles; null for a tile without one. */
export function drawPlanned(
  planned: Planned,
  results: readonly (TileResult | null)[],
  form: DashboardForm & { height: number | null },
): Picture {
  const contents = planned.tiles.map((tile, index) => contentOf(tile, results[index] ?? null));
  if (planned.kind === "dashboard") {
    const tiles = planned.tiles.flatMap(({ place }, index) => {
      const content = contents[index];
      return place === null || content === undefined ? [] : [{ place, content }];
    });
    return drawDashboard({ title: planned.title, filters: planned.filters, tiles }, form);
  }
  const [content] = contents;
  if (content === undefined) throw new Error("There is nothing to draw");
  return drawSingle(content, form.width, form.height ?? Math.round(form.width / 2));
}

function contentOf({ title, note, text, query }: PlannedTile, result: TileResult | null): TileContent {
  if (text !== null) return { title, note, body: { kind: "text", ...text } };
  if (query === null || result === null)
    return { title, note, body: { kind: "error", message: "This tile has no query." } };
  if ("error" in result) return { title, note, body: { kind: "error", message: result.error } };
  const grid = readGrid(JSON.parse([...result.detail].join("")));
  const visType = query.body.vis_config?.type;
  return {
    title,
    note,
    body: { kind: "data", grid, visType: typeof visType === "string" ? visType : "looker_grid" },
  };
}
