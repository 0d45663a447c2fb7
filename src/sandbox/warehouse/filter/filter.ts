import { WarehouseError } from "../contract.ts";
import type { Field } from "../model/field.ts";
import { dateFilter } from "./date.ts";
import { numberFilter } from "./number.ts";
import { stringFilter } from "./string.ts";

/**
 * The SQL condition of one filter expression, or null where it means any value.
 * @throws WarehouseError when the expression cannot be read for a field of this type.
 */
export function filterCondition(field: Field, expression: string, now: Date): string | null {
  const text = expression.trim();
  if (text === "" || /^any (value|time)$/i.test(text)) return null;
  const sql = read(field, text, now);
  if (sql === null) {
    throw new WarehouseError(`Invalid filter expression "${expression}" for "${field.name}".`, {
      details: `"${expression}" is not a ${field.filterKind} filter expression.`,
    });
  }
  return sql;
}

function read(field: Field, text: string, now: Date): string | null {
  switch (field.filterKind) {
    case "number":
      return numberFilter(field.filterSql, text);
    case "date":
      return dateFilter(field.filterSql, text, now);
    case "yesno":
      return yesnoFilter(field.filterSql, text);
    default:
      return stringFilter(field.filterSql, text);
  }
}

function yesnoFilter(column: string, text: string): string | null {
  const wanted = new Set<string>();
  for (const word of text.split(",")) {
    const match = /^(?:(yes|true)|(no|false))$/i.exec(word.trim());
    if (match === null) return null;
    wanted.add(match[1] === undefined ? "No" : "Yes");
  }
  return wanted.size === 2 ? "1 = 1" : `${column} = '${[...wanted].join("")}'`;
}
