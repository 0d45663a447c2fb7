import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openHouse } from "../house.ts";

const SCHEDULE = 'schedule: { cron: "0 8 * * mon", timezone: America/New_York }';
const MAIL = "deliver: [{ email: ops@example.com, attach: csv }]";

test("a report goes from its Look to the inbox and the channel, and the ledger has it all", async () => {
  const { run, mails, sandbox, app } = await openHouse(`
  weekly:
    title: Weekly delays
    owner: ops@example.com
    ${SCHEDULE}
    look: 42
    rows: 10
    deliver:
      - email: ops@example.com
        attach: csv
      - slack: "#flight-ops"
        attach: csv
`);
  const done = await run("weekly");
  expect(done.run).toMatchObject({ state: "delivered", reason: null });
  expect(done.deliveries.map(({ kind, target, state }) => [kind, target, state])).toEqual([
    ["email", "ops@example.com", "sent"],
    ["slack", "#flight-ops", "sent"],
  ]);
  const [mail] = await mails();
  expect(mail?.subject).toBe("Weekly delays");
  expect(mail?.text).toContain("Monday 16 November 2026, 08:00 EST");
  expect(mail?.text).toContain(`10 of ${done.run.rows} rows`);
  const [attached] = mail?.attachments ?? [];
  expect(attached?.filename).toBe("weekly-2026-11-16.csv");
  expect(attached?.content.toString().trimEnd().split("\r\n")).toHaveLength((done.run.rows ?? 0) + 1);
  const [post] = sandbox.slack.posts("#flight-ops");
  expect(JSON.stringify(post)).toContain("Weekly delays");
  const [section] = await (await app.ledger()).sections(done.run.id);
  expect(section).toMatchObject({ rows: done.run.rows, taskId: expect.stringMatching(/^[0-9a-f]{32}$/) });
});

test("every cell of the attached file is Looker's own", async () => {
  const { run, mails, sandbox } = await openHouse(`
  cost: { ${SCHEDULE}, look: 47, ${MAIL} }
`);
  await run("cost");
  const { looker } = sandbox;
  const login = await fetch(`${looker.url}/api/4.0/login`, {
    method: "POST",
    body: new URLSearchParams({ client_id: looker.clientId, client_secret: looker.clientSecret }),
  });
  const { access_token: token } = (await login.json()) as { access_token: string };
  const answer = await fetch(`${looker.url}/api/4.0/looks/47/run/csv?apply_formatting=true`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const [mail] = await mails();
  const [, ...ours] = (mail?.attachments[0]?.content.toString() ?? "").trimEnd().split("\r\n");
  const [, ...theirs] = (await answer.text()).trimEnd().split(/\r?\n/);
  expect(ours.length).toBe(25);
  expect(ours).toEqual(theirs);
});

test("a result beyond max_result ends the run for good, names its section, and leaves nothing on the disk", async () => {
  const { run, mails, app, sandbox } = await openHouse(`
  both:
    ${SCHEDULE}
    max_result: 100kB
    sections:
      - { title: Small, look: 42, limit: 1 }
      - { title: Large, look: 80 }
    ${MAIL}
  small: { ${SCHEDULE}, look: 42, ${MAIL} }
`);
  const { run: failed } = await run("both");
  expect(failed).toMatchObject({
    state: "failed",
    attempts: 1,
    reason: 'Section 2, "Large": The result is larger than 100 kB, the report\'s max_result.',
    advice: expect.stringContaining("larger `max_result:`"),
  });
  expect(readdirSync(join(app.config.store.directory, "spool"))).toEqual([]);
  expect(sandbox.looker.taskCounts().created).toBe(2);
  expect((await run("small")).run.state).toBe("delivered");
  expect(await mails()).toHaveLength(1);
});

test("a failed section names itself, cancels the others, and nothing is sent", async () => {
  const { run, mails, sandbox } = await openHouse(
    `
  both:
    ${SCHEDULE}
    sections:
      - { title: Slow but right, look: 42 }
      - { title: Nowhere, look: 4242 }
    ${MAIL}
`,
    { queryMs: 60_000 },
  );
  sandbox.looker.faults.add({
    kind: "status",
    on: "query_task_results",
    status: 400,
    times: 1,
    message: "no",
  });
  const { run: done, deliveries } = await run("both");
  expect(done).toMatchObject({ state: "failed", reason: expect.stringMatching(/^Section 2, "Nowhere": /) });
  expect(deliveries).toEqual([]);
  expect(await mails()).toEqual([]);
  expect(sandbox.looker.tasks().filter((task) => ["added", "running"].includes(task.state))).toEqual([]);
});

test("a query beyond the report's timeout is cancelled at Looker, and the run says so", async () => {
  const { run, sandbox } = await openHouse(
    `
  slow: { ${SCHEDULE}, timeout: 4s, look: 42, ${MAIL} }
`,
    { queryMs: 60_000 },
  );
  const { run: done } = await run("slow");
  expect(done).toMatchObject({ state: "failed", reason: expect.stringContaining("did not finish") });
  expect(sandbox.looker.tasks().map((task) => task.state)).toEqual(["killed"]);
});

test("a worker that stops hands back what runs beyond its grace, and its queries go on for the next one", async () => {
  const { app, worker, sandbox } = await openHouse(
    `
  slow: { ${SCHEDULE}, look: 42, ${MAIL} }
`,
    { queryMs: 60_000 },
  );
  const claim = (day: string) =>
    worker.claim({
      report: "slow",
      dueAt: new Date(`2026-11-${day}T13:00:00Z`),
      kind: "tick",
      trigger: "schedule",
    });
  const runs = [await claim("09"), await claim("16")];
  while (sandbox.looker.tasks().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await worker.stop(50);
  const ledger = await app.ledger();
  for (const run of runs) {
    expect(await ledger.run(run?.id ?? "")).toMatchObject({ state: "planned", owner: null, reason: null });
  }
  expect(sandbox.looker.tasks().map((task) => task.state)).toEqual(["running"]);
});

test("a destination that refuses does not hold up the others", async () => {
  const { run, mails } = await openHouse(`
  both:
    ${SCHEDULE}
    look: 42
    deliver:
      - slack: "#old-reports"
      - email: ops@example.com
`);
  const { run: done, deliveries } = await run("both");
  expect(done.state).toBe("partly_failed");
  expect(deliveries).toMatchObject([
    {
      kind: "slack",
      state: "refused",
      reason: expect.any(String),
      advice: expect.stringContaining("archived"),
    },
    { kind: "email", state: "sent" },
  ]);
  expect(await mails()).toHaveLength(1);
});

test("one tick is one run, whichever worker claims it", async () => {
  const { worker, mails } = await openHouse(`
  weekly: { ${SCHEDULE}, look: 42, ${MAIL} }
`);
  const dueAt = new Date("2026-11-16T13:00:00Z");
  const claims = await Promise.all(
    [1, 2, 3].map(() => worker.claim({ report: "weekly", dueAt, kind: "tick", trigger: "schedule" })),
  );
  await worker.idle();
  expect(claims.filter((run) => run !== null)).toHaveLength(1);
  expect(await mails()).toHaveLength(1);
});

test("send_if: has_results skips an empty result and says why; without it the digest says there were no rows", async () => {
  const { run, mails } = await openHouse(`
  when-some: { ${SCHEDULE}, look: 82, send_if: has_results, ${MAIL} }
  always: { ${SCHEDULE}, look: 82, ${MAIL} }
`);
  const skipped = await run("when-some");
  expect(skipped.run).toMatchObject({ state: "skipped", reason: expect.stringContaining("No rows") });
  expect(await mails()).toEqual([]);
  const sent = await run("always");
  expect(sent.run).toMatchObject({ state: "delivered", rows: 0 });
  expect((await mails())[0]?.text).toContain("No rows");
});

test("columns of one label are told apart, and the recipient and the ledger are told", async () => {
  const { run, mails, app } = await openHouse(`
  routes: { ${SCHEDULE}, look: 48, ${MAIL} }
`);
  const { run: done } = await run("routes");
  const [section] = await (await app.ledger()).sections(done.id);
  expect(section?.warnings.join()).toMatch(/label/);
  const header = (await mails())[0]?.attachments[0]?.content.toString().split("\r\n")[0]?.split(",") ?? [];
  expect(new Set(header).size).toBe(4);
});

test("a large result streams into the file; the body shows its head and its true count", async () => {
  const { run, mails } = await openHouse(`
  log:
    ${SCHEDULE}
    query: { model: sandbox, explore: generated, fields: [generated.id, generated.name], filters: { generated.rows: "12431" }, limit: -1 }
    rows: 50
    deliver: [{ email: ops@example.com, attach: { csv: { raw: true } } }]
`);
  const { run: done } = await run("log");
  expect(done).toMatchObject({ state: "delivered", rows: 12_431 });
  const [mail] = await mails();
  expect(mail?.text).toContain("50 of 12,431 rows");
  expect(mail?.attachments[0]?.content.toString().trimEnd().split("\r\n")).toHaveLength(12_432);
});

test("a Look that is not there or not to be seen fails with what to do, and no secret is in the ledger", async () => {
  const { run, app, sandbox } = await openHouse(`
  gone: { ${SCHEDULE}, look: 4242, ${MAIL} }
  forbidden: { ${SCHEDULE}, look: 90, ${MAIL} }
`);
  for (const report of ["gone", "forbidden"]) {
    const { run: done } = await run(report);
    expect(done).toMatchObject({
      state: "failed",
      reason: expect.stringMatching(/Look (4242|90)/),
      advice: expect.any(String),
    });
  }
  const ledger = readFileSync(join(app.config.store.directory, "ledger.sqlite")).toString("latin1");
  expect(ledger).not.toContain(sandbox.looker.clientSecret);
});

test("the next run's first poll knows how long the query took", async () => {
  const { run, app } = await openHouse(`
  weekly: { ${SCHEDULE}, look: 42, ${MAIL} }
`);
  await run("weekly", new Date("2026-11-09T13:00:00Z"));
  const tookMs = await (await app.ledger()).lastTookMs("weekly", 0);
  expect(tookMs).toBeGreaterThan(0);
});
