import type { Cell, Column } from "../../core/model/table.ts";
import { formatNumber } from "../../core/rules/numbers/value-format.ts";
import { isObject, type JsonObject, objectsIn } from "../http/loose-json.ts";

export const EMPTY_CELL: Cell = { value: null, rendered: "" };

/**
 * A cell of json_detail: `{value, rendered?, html?, links?}`. What is shown is `rendered`, or the value written in its column's format where Looker
 * does not say; `html` is the model's own markup and is never used.
 */
export function cellOf(
  raw: unknown,
  webUrl: string,
  column?: Pick<Column, "valueFormat" | "separators">,
): Cell {
  if (!isObject(raw))
    return raw === undefined || raw === null ? EMPTY_CELL : { value: scalar(raw), rendered: plain(raw) };
  const value = scalar(raw.value);
  const rendered = typeof raw.rendered === "string" ? raw.rendered : formatted(value, column);
  const href = hrefIn(raw, webUrl);
  return href === null ? { value, rendered } : { value, rendered, href };
}

/** Looker leaves `rendered` out where it says the same as the value, and in some totals. */
function formatted(
  value: Cell["value"],
  column: Pick<Column, "valueFormat" | "separators"> | undefined,
): string {
  const format = column?.valueFormat ?? null;
  const written =
    typeof value === "number" && format !== null ? formatNumber(value, format, column?.separators) : null;
  return written ?? plain(value);
}

export function isCell(raw: unknown): boolean {
  return isObject(raw) && ("value" in raw || "rendered" in raw) && !isObject(raw.value);
}

/** No browser opens longer ones, and URL itself takes long for them. */
const LINK_CHARS_MAX = 10_000;

/** Looker's own drill menus lead to a new exploration, not to what the model says the value is. */
function hrefIn(raw: JsonObject, webUrl: string): string | null {
  for (const { type, url } of objectsIn(raw.links)) {
    if (typeof url !== "string" || url === "" || url.length > LINK_CHARS_MAX) continue;
    if (typeof type === "string" && /drill|_default$/i.test(type)) continue;
    if (!URL.canParse(url, `${webUrl}/`)) continue;
    const absolute = new URL(url, `${webUrl}/`);
    if (absolute.protocol === "https:" || absolute.protocol === "http:") return absolute.href;
  }
  return null;
}

function scalar(value: unknown): Cell["value"] {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  try {
    return JSON.stringify(value);
  } catch {
    // Nested deeper than the stack goes.
    return "(nested too deeply)";
  }
}

function plain(value: unknown): string {
  const known = scalar(value);
  return known === null ? "" : String(known);
}
