import { join } from "node:path";
import { hasPython, python } from "../file-python.ts";

export interface ReadCell {
  readonly value: string | number | boolean;
  readonly format: string | null;
  readonly bold: boolean;
  /** Colour behind it, "FFFDEFC9". */
  readonly fill: string | null;
  /** An address, or a place in the workbook: "'Flights'!A1". */
  readonly link: string | null;
}

export interface ReadSheet {
  readonly name: string;
  readonly rows: readonly Readonly<Record<string, ReadCell>>[];
  readonly widths: readonly number[];
  /** In points; 0: the usual one. */
  readonly heights: readonly number[];
  /** How far each row is set in. */
  readonly levels: readonly number[];
  readonly numbers: readonly number[];
  readonly frozen: string | null;
  readonly filter: string | null;
}

export interface ReadBook {
  readonly sheets: readonly ReadSheet[];
  readonly names: readonly { readonly name: string; readonly sheet: string; readonly at: string }[];
}

/** A workbook as Python's standard library reads it. */
export function readBook(path: string): ReadBook {
  return python([join(import.meta.dirname, "../../fixtures/read_xlsx.py"), path]) as ReadBook;
}

/** The values of a sheet, row by row; null: an empty cell. */
export function valuesOf(sheet: ReadSheet | undefined): (string | number | boolean | null)[][] {
  return (sheet?.rows ?? []).map((row) => {
    const width = Math.max(0, ...Object.keys(row).map((key) => Number(key) + 1));
    return Array.from({ length: width }, (_, index) => row[index]?.value ?? null);
  });
}

export { hasPython };
