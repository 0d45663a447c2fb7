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

/** What has to be known of the columns: their types, to be calculated with; their names, to tell apart what Looker's page does not show. */
export interface HeadsWanted {
  readonly types: boolean;
  readonly names: boolean;
}

export function largeHeads(
  looker: Looker,
  body: QueryBody,
  wanted: HeadsWanted,
  signal: AbortSignal,
): LargeHeads {
  const headingRows = 1 + (body.pivots?.length ?? 0);
  const facts = async (headings: Headings) => {
    const labels = headings.at(-1) ?? [];
    const asked = { labels, isNeeded: wanted.names };
    const known = wanted.types || wanted.names ? await knownColumns(looker, body, asked, signal) : [];
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
