import type { CsvHeads } from "../../core/ports/csv-on-the-way.ts";
import type { Looker } from "../http/client.ts";
import { columnNames, knownColumns } from "../result/column-facts.ts";
import { type CsvFacts, tableOfCsv } from "../result/csv-table.ts";
import type { ReceivedCsv } from "../result/receive-csv.ts";
import { columnLimitOf, fieldOrder, limitOf } from "./body.ts";
import type { QueryBody } from "./content.ts";

type Headings = ReceivedCsv["headings"];

/** What Looker's metadata says of the columns of a large result, once its headings are there. */
export interface LargeHeads {
  readonly headingRows: number;
  facts(headings: Headings): Promise<Omit<CsvFacts, "raw">>;
  of(headings: Headings): Promise<CsvHeads>;
}

/** `needsNames`: its columns have to be told apart by their fields, or have types to be calculated with. */
export function largeHeads(
  looker: Looker,
  body: QueryBody,
  needsNames: boolean,
  signal: AbortSignal,
): LargeHeads {
  const headingRows = 1 + (body.pivots?.length ?? 0);
  const facts = async (headings: Headings) => {
    const labels = headings.at(-1) ?? [];
    const known = !needsNames ? [] : await knownColumns(looker, body, labels, signal);
    const names =
      known.length === 0
        ? await columnNames(looker, body, labels, signal)
        : known.map((column, index) => column?.name ?? labels[index] ?? "");
    return { names, known, fields: fieldOrder(body), limit: limitOf(body), columnLimit: columnLimitOf(body) };
  };
  return {
    headingRows,
    facts,
    async of(headings) {
      const { table, labels } = tableOfCsv(
        { headings, head: [], rowCount: 0 },
        { ...(await facts(headings)), raw: null },
      );
      return { headingRows, labels, table };
    },
  };
}
