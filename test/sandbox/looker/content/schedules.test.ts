import { expect, test } from "vitest";
import { type Json, startWithClient } from "../client.ts";

test.each([
  ["2026-11-16T02:59:59Z", "2026-11-15T03:00:00.000Z"],
  ["2026-11-16T03:00:00Z", "2026-11-16T03:00:00.000Z"],
])("at %s the nightly datagroup was last triggered at %s", async (now, triggered) => {
  await using client = await startWithClient({ now: () => new Date(now) });
  const [datagroup] = await client.getJson("/datagroups");
  expect(new Date(datagroup.triggered_at * 1000).toISOString()).toBe(triggered);
  expect(datagroup.trigger_value).toBe(triggered.slice(0, 10));
});

test("schedules are found by the Look or dashboard that they send", async () => {
  await using client = await startWithClient();
  const ids = async (path: string) =>
    (await client.getJson(path)).map(({ id, crontab, datagroup }: Json) => [id, crontab ?? datagroup]);
  expect(await ids("/scheduled_plans")).toEqual([
    ["501", "0 8 * * 1"],
    ["502", "faa::nightly"],
  ]);
  expect(await ids("/scheduled_plans/look/42")).toEqual([["501", "0 8 * * 1"]]);
  expect(await ids("/scheduled_plans/look/43")).toEqual([]);
  expect(await ids("/scheduled_plans/dashboard/7")).toEqual([["502", "faa::nightly"]]);
});
