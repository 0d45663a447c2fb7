import { expect } from "vitest";
import { DAILY, type Desk, HOUR_MS, ofType, openDesk, overdueDesk } from "./desk.ts";
import { journey } from "./program.ts";

const report = (name: string, channel = "#flight-ops", more = "") =>
  `  ${name}: { schedule: "${DAILY}", look: 42, ${more}deliver: [{ slack: "${channel}" }] }
`;

/** The posts of the channel itself, without its threads. */
function posts({ sandbox }: Desk, channel = "#flight-ops") {
  return sandbox.slack.posts(channel).filter(({ ts, thread_ts }) => (thread_ts ?? ts) === ts);
}

journey("429 is waited out for as long as Slack asks", async () => {
  const desk = await overdueDesk({
    reports: report("weekly", "#flight-ops", "retry: { tries: 3, over: 2s }, "),
  });
  desk.sandbox.slack.faults.add({ method: "chat.postMessage", status: 429, retryAfterS: 3, times: 1 });
  const service = desk.start();
  const waits = await service.says("delivery waits");
  expect(waits).toMatchObject({ reason: "Slack asks to slow down (ratelimited).", tries: 1 });
  await service.says("run delivered");
  expect(posts(desk)).toHaveLength(1);
});

journey("429 for an hour: history says until when, and the report is not given up", async () => {
  const desk = await overdueDesk({ reports: report("weekly") });
  desk.sandbox.slack.faults.add({ method: "chat.postMessage", status: 429, retryAfterS: 3600 });
  const service = desk.start();
  const askedAt = Date.now();
  await service.says("delivery waits");
  const [delivery, run] = await desk.history();
  expect(delivery).toMatchObject({ status: "waiting", uncertain: false, attempts: 1 });
  const waitMs = new Date(String(delivery?.nextAt)).getTime() - askedAt;
  expect(waitMs).toBeGreaterThanOrEqual(HOUR_MS);
  expect(waitMs).toBeLessThan(HOUR_MS + 60_000);
  expect(run).toMatchObject({ status: "delivering" });
  expect(await desk.words()).toMatch(
    /slack #flight-ops: waiting: Slack asks to slow down.*; next try .* \(try 2 of 6\)/,
  );
});

journey("a page with 200 in place of an answer: it is looked up, and is in the channel once", async () => {
  const desk = await overdueDesk({ reports: report("weekly") });
  desk.sandbox.slack.faults.add({ method: "chat.postMessage", status: 200, when: "after", times: 1 });
  const service = desk.start();
  const waits = await service.says("delivery waits");
  expect(waits).toMatchObject({ reason: expect.stringContaining("not JSON") });
  await service.says("run delivered");
  expect(posts(desk)).toHaveLength(1);
  const [delivery] = await desk.history();
  expect(delivery).toMatchObject({ status: "sent", attempts: 2, externalId: expect.stringContaining(":") });
});

journey("internal_error after the post was made: it is found, and not posted again", async () => {
  const desk = await overdueDesk({ reports: report("weekly") });
  desk.sandbox.slack.faults.add({
    method: "chat.postMessage",
    error: "internal_error",
    when: "after",
    times: 1,
  });
  const service = desk.start();
  await service.says("run delivered");
  expect(posts(desk)).toHaveLength(1);
  const calls = desk.sandbox.slack.requests.map(({ method }) => method);
  expect(calls.filter((method) => method === "chat.postMessage")).toHaveLength(1);
  expect(calls.at(-1)).toBe("conversations.history");
});

journey(
  "an archived channel is refused at once, with what to do; the other channel gets its post",
  async () => {
    const desk = await openDesk({ reports: "" });
    const archived = desk.sandbox.slack.channels().find(({ isArchived }) => isArchived);
    desk.write(report("weekly", archived?.id) + report("by-name", `#${archived?.name}`) + report("other"));
    await desk.promise(["weekly", "by-name", "other"]);
    const service = desk.start();
    await service.says("run failed", (line) => line.report === "weekly");
    await service.says("run failed", (line) => line.report === "by-name");
    await service.says("run delivered", (line) => line.report === "other");
    const all = await desk.history();
    const [failed] = ofType(all, "run", "weekly");
    expect(ofType(all, "delivery", "weekly")).toMatchObject([{ status: "refused", attempts: 1 }]);
    expect(ofType(all, "delivery", "by-name")).toMatchObject([
      {
        status: "refused",
        attempts: 1,
        advice: expect.stringContaining("An archived channel cannot be posted to"),
      },
    ]);
    const words = await desk.words("--run", String(failed?.run));
    expect(words).toContain(`Slack answered is_archived for ${archived?.id}.`);
    expect(words).toContain(`Unarchive ${archived?.id}, or send the report elsewhere.`);
    expect(words).toContain(`lookpost retry ${failed?.run} --failed-only`);
  },
);
