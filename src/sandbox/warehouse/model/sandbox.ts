import { dimension, filterOnly, measure, type ViewName } from "./field.ts";
import type { Model } from "./model.ts";

const GENERATED: ViewName = { name: "generated", label: "Generated" };
const HOSTILE: ViewName = { name: "hostile", label: "Hostile" };
const BROKEN: ViewName = { name: "broken", label: "Broken" };
const EMPTY: ViewName = { name: "empty", label: "Empty" };

/** Explores that misbehave on purpose, and one whose results are of any size. */
export const SANDBOX: Model = {
  name: "sandbox",
  label: "Sandbox",
  explores: [
    {
      name: "generated",
      label: "Generated",
      description: "As many rows as are asked for, made up while they are read",
      view: "generated",
      sqlTable: "generated",
      joins: [],
      generated: true,
      fields: [
        dimension(GENERATED, "id", "number", "generated.id", {
          primaryKey: true,
          label: "ID",
          valueFormatName: "id",
        }),
        dimension(GENERATED, "name", "string", "generated.name"),
        dimension(GENERATED, "amount", "number", "generated.amount", { valueFormat: "$#,##0.00" }),
        dimension(GENERATED, "day", "string", "generated.day"),
        dimension(GENERATED, "note", "string", "generated.note", {
          description: "Now and then with commas and quotes",
        }),
        filterOnly(GENERATED, "rows", "number", {
          description: "How many rows there are, as one number; 100000 without it",
        }),
      ],
    },
    {
      name: "hostile",
      label: "Hostile",
      description: "Cells that hurt where they are shown unescaped",
      view: "hostile",
      sqlTable: "hostile",
      joins: [],
      fields: [
        dimension(HOSTILE, "id", "number", "hostile.id", {
          primaryKey: true,
          label: "ID",
          valueFormatName: "id",
        }),
        dimension(HOSTILE, "kind", "string", "hostile.kind"),
        dimension(HOSTILE, "text", "string", "hostile.text", { label: 'Text, "quoted" & <b>bold</b>' }),
        dimension(HOSTILE, "amount", "number", "hostile.amount", { valueFormat: "#,##0.00" }),
        measure(HOSTILE, "count", { kind: "count", sql: "" }),
        measure(HOSTILE, "total_amount", { kind: "sum", sql: "hostile.amount" }, { valueFormat: "#,##0.00" }),
        measure(
          HOSTILE,
          "average_amount",
          { kind: "average", sql: "hostile.amount" },
          { valueFormat: "#,##0.00" },
        ),
      ],
    },
    {
      name: "broken",
      label: "Broken",
      description: "A view whose column was dropped: every query is a database error",
      view: "broken",
      sqlTable: "hostile",
      joins: [],
      fields: [
        dimension(BROKEN, "id", "number", "broken.id", { label: "ID" }),
        dimension(BROKEN, "dropped", "string", "broken.dropped_column"),
        measure(BROKEN, "count", { kind: "count_distinct", sql: "broken.dropped_column" }),
      ],
    },
    {
      name: "empty",
      label: "Empty",
      description: "A table without rows",
      view: "empty",
      sqlTable: "empty",
      joins: [],
      fields: [
        dimension(EMPTY, "id", "number", "empty.id", { label: "ID", primaryKey: true }),
        dimension(EMPTY, "name", "string", "empty.name"),
        measure(EMPTY, "count", { kind: "count", sql: "" }),
        measure(EMPTY, "average_amount", { kind: "average", sql: "empty.amount" }, { valueFormat: "0.00" }),
      ],
    },
  ],
};
