import type { Emphasis } from "../../model/show.ts";
import type { Cell } from "../../model/table.ts";
import { comparisonText, holds } from "../comparison.ts";

/** Whether a cell of its column stands out. */
export function standsOut({ when }: Emphasis, cell: Cell): boolean {
  return "mark" in when ? cell.marks?.includes(when.mark) === true : holds(when, cell);
}

/** "> 0.05", "where Cost > 60": follows the column's label. */
export function emphasisText({ when }: Emphasis): string {
  return "mark" in when ? when.words : comparisonText(when);
}
