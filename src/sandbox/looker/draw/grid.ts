import { isObject } from "../http/call.ts";

export interface GridColumn {
  /** The pivot that it belongs to. */
  readonly group: string | null;
  readonly label: string;
  readonly isDimension: boolean;
  readonly isNumeric: boolean;
}

export interface GridCell {
  readonly text: string;
  /** Null where the cell is not a number. */
  readonly number: number | null;
}

/** A json_detail result as a flat table: pivoted measures side by side, by pivot. */
export interface Grid {
  readonly columns: readonly GridColumn[];
  readonly rows: readonly (readonly GridCell[])[];
}

const rowTotal = "$$$_row_total_$$$";

/** Shape: the body of a json_detail result. */
export function readGrid(detail: unknown): Grid {
  const body = isObject(detail) ? detail : {};
  const fields = isObject(body.fields) ? body.fields : {};
  const listed = (name: string) => list(fields[name]);
  const pivots = list(body.pivots);
  const sources = [
    ...listed("dimensions").map((field) => ({ field, pivot: null, isDimension: true })),
    ...(pivots.length === 0 ? [null] : pivots).flatMap((pivot) =>
      [...listed("measures"), ...listed("table_calculations")].map((field) => {
        return { field, pivot, isDimension: false };
      }),
    ),
  ];
  return {
    columns: sources.map(({ field, pivot, isDimension }) => ({
      group: pivot === null ? null : pivotLabel(pivot),
      label: word(field.label_short) || word(field.label),
      isDimension,
      isNumeric: field.is_numeric === true,
    })),
    rows: list(body.data).map((row) =>
      sources.map(({ field, pivot }) => {
        const cell = row[word(field.name)];
        return readCell(pivot === null || !isObject(cell) ? cell : cell[word(pivot.key)]);
      }),
    ),
  };
}

function readCell(cell: unknown): GridCell {
  const { value, rendered } = isObject(cell) ? cell : { value: null, rendered: null };
  const shown = rendered ?? value;
  return {
    text: shown === null || shown === undefined ? "∅" : String(shown),
    number: typeof value === "number" && Number.isFinite(value) ? value : null,
  };
}

function pivotLabel({ key, data }: Record<string, unknown>): string {
  if (key === rowTotal) return "Total";
  return isObject(data) ? Object.values(data).map(String).join(" ") : word(key);
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function word(value: unknown): string {
  return typeof value === "string" ? value : "";
}
