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

test("schedules are found by the Look or dashboard that they send; without more asked, only one's own", async () => {
  await using client = await startWithClient();
  const ids = async (path: string) => (await client.getJson(path)).map(({ id }: Json) => id);
  expect(await ids("/scheduled_plans")).toEqual(["501", "502", "504", "505"]);
  expect(await ids("/scheduled_plans?all_users=true")).toEqual(["501", "502", "503", "504", "505"]);
  expect(await ids("/scheduled_plans?user_id=8")).toEqual(["503"]);
  expect(await ids("/scheduled_plans/look/42")).toEqual(["501", "504"]);
  expect(await ids("/scheduled_plans/look/43")).toEqual([]);
  expect(await ids("/scheduled_plans/dashboard/7")).toEqual(["502", "505"]);
});

test("there are schedules to every kind of destination, by their users, one disabled and one for once", async () => {
  await using client = await startWithClient();
  const plans: Json[] = await client.getJson("/scheduled_plans?all_users=true");
  const types = plans.flatMap((plan) => plan.scheduled_plan_destination.map(({ type }: Json) => type));
  expect([...new Set(types)].sort()).toEqual([
    "email",
    "looker-integration://1::slack_app",
    "s3",
    "sftp",
    "webhook",
  ]);
  expect(plans.map(({ user }) => user.display_name)).toContain("Ann Lee");
  expect(plans.filter(({ enabled }) => !enabled).map(({ id }) => id)).toEqual(["504"]);
  expect(plans.filter((plan) => plan.run_once).map(({ id, crontab }) => [id, crontab])).toEqual([
    ["505", null],
  ]);
});

test("datagroups are in each of their states", async () => {
  await using client = await startWithClient();
  const all: Json[] = await client.getJson("/datagroups");
  expect(
    all.map(({ trigger_error, triggered_at }) => [trigger_error !== null, triggered_at !== null]),
  ).toEqual([
    [false, true],
    [false, true],
    [true, false],
  ]);
  expect(all.map(({ stale_before }) => stale_before !== null)).toEqual([false, true, false]);
  expect(await client.getJson("/datagroups/3")).toMatchObject({ name: "imports" });
});
