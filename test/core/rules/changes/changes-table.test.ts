import { expect, test } from "vitest";
import { changesOf, readSnapshot, snapshotOf } from "../../../../src/core/rules/changes/changes.ts";
import { changesTable } from "../../../../src/core/rules/changes/changes-table.ts";
import { ENGLISH } from "../../../../src/core/words/en/index.ts";
import { amount, CARRIER, column, measure, table, words } from "../../../draw/samples.ts";

const COUNT = measure("flights.count", "Flights", "#,##0");
const RATE = measure("flights.rate", "Rate", "0.0%", "number");
const CITY = column("flights.city", "City");
const row = (carrier: string, city: string, count: number, rate: number, shown: string) => [
  words(carrier),
  words(city),
  amount(count),
  amount(rate, shown),
];

function fileOf(before: readonly ReturnType<typeof row>[], now: readonly ReturnType<typeof row>[]) {
  const [old, today] = [before, now].map((rows) => table([CARRIER, CITY, COUNT, RATE], rows));
  if (old === undefined || today === undefined) throw new Error("There are two.");
  const order = { key: [0], since: "2026-11-09T13:00:00Z", listMax: 10, words: ENGLISH.tables };
  return changesTable(changesOf(today, readSnapshot(snapshotOf(old).data), order).changes, today, ENGLISH);
}

test("a file of changes has the earlier and the present value and the difference, the largest move first, then new and gone rows", () => {
  const made = fileOf(
    [
      row("AA", "Dallas", 1_200, 0.1, "10.0%"),
      row("DL", "Atlanta", 20, 0.2, "20.0%"),
      row("UA", "Chicago", 7, 0.5, "50.0%"),
      row("B6", "Boston", 3, 0, "0.0%"),
    ],
    [
      row("AA", "Dallas", 1_234, 0.125, "12.5%"),
      row("DL", "Athens", 120, 0.2, "20.0%"),
      row("B6", "Boston", 3, 0, "0.0%"),
      row("WN", "Reno", 5, 0.3, "30.0%"),
    ],
  );
  expect(made.columns.map(({ label }) => label)).toEqual([
    "Change",
    "Carrier",
    "City before",
    "City now",
    "Flights before",
    "Flights now",
    "Flights difference",
    "Rate before",
    "Rate now",
    "Rate difference",
  ]);
  expect(made.rows.map((cells) => cells.map(({ rendered }) => rendered).join("|"))).toEqual([
    "changed|DL|Atlanta|Athens|20|120|100|20.0%|20.0%|0.0 points",
    "changed|AA|Dallas|Dallas|1,200|1,234|34|10.0%|12.5%|2.5 points",
    "new|WN||Reno||5|||30.0%|",
    "gone|UA|Chicago||7|||50.0%||",
  ]);
  expect(made.rows[1]?.at(-1)?.value).toBe(0.025);
  expect(made).toMatchObject({ rowCount: 4, rowCountIsExact: true });
});
