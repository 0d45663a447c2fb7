import { expect, test } from "vitest";
import { checkOnline } from "../../../src/app/check-online.ts";
import { openHouse } from "../house.ts";

const SCHEDULE = 'schedule: "0 8 * * mon", timezone: UTC';
const WEEK_1 = new Date("2026-11-09T08:00:00Z");
const WEEK_2 = new Date("2026-11-16T08:00:00Z");
const BY_AIRPORT = "look: 42, show: changes, key: [flights.origin]";

test("a dashboard becomes a section for each of its tiles, its text tiles among them", async () => {
  const { run, mails } = await openHouse(`
  ops: { ${SCHEDULE}, dashboard: 7, deliver: [{ email: ops@example.com, attach: zip }] }
`);
  const { run: done } = await run("ops");
  expect(done).toMatchObject({ state: "delivered", reason: null });
  const [mail] = await mails();
  const headings = [...String(mail?.html).matchAll(/<h2[^>]*>([^<]*)</g)].map(([, words]) => words);
  expect(headings).toEqual(expect.arrayContaining(["Flights by day", "Delays by origin airport"]));
  expect(mail?.attachments.map(({ filename }) => filename)).toEqual(["ops-2026-11-16.zip"]);
});

test("a filter for a dashboard that is neither one of its own nor a field is refused with those there are", async () => {
  const { run } = await openHouse(`
  ops: { ${SCHEDULE}, dashboard: 7, filters: { Departur: last week }, deliver: [{ email: ops@example.com }] }
`);
  const { run: done } = await run("ops");
  expect(done.state).toBe("failed");
  expect(`${done.reason} ${done.advice}`).toContain("Departure");
});

test("changes are those since the last delivered run: nothing at first, then rows by their keys", async () => {
  const { run, mails } = await openHouse(`
  moved: { ${SCHEDULE}, ${BY_AIRPORT}, filters: { flights.date_date: "{{ run.due_at | looker_week }}" }, deliver: [{ email: ops@example.com }] }
`);
  await run("moved", WEEK_1);
  await run("moved", WEEK_2);
  const [first, second] = await mails();
  expect(first?.text).toContain("no earlier report to compare with");
  expect(second?.text).toMatch(/\d+ moved/);
  expect(second?.text).toContain("since 9 Nov 2026");
});

test("a run of which nothing was sent is nothing to compare with", async () => {
  const { run, mails, sandbox } = await openHouse(`
  moved: { ${SCHEDULE}, ${BY_AIRPORT}, retry: none, deliver: [{ email: ops@example.com }] }
`);
  sandbox.smtp.faults.add({ at: "rcpt", refuse: 550, times: 1 });
  expect((await run("moved", WEEK_1)).run.state).toBe("failed");
  await run("moved", WEEK_2);
  const [mail] = await mails();
  expect(mail?.text).toContain("no earlier report to compare with");
});

test("a KPI is compared with the last delivered run, and its templates name it", async () => {
  const { run, mails } = await openHouse(`
  figure:
    schedule: { cron: "0 8 * * mon", timezone: UTC }
    kpi: flights.count
    compare: run
    query: { model: faa, explore: flights, fields: [flights.count] }
    filters: { flights.date_date: "{{ run.due_at | looker_week }}" }
    deliver: [{ email: { to: ops@example.com, subject: "{{ kpi.flights.count }} flights, {{ kpi.flights.count.direction }}" } }]
`);
  await run("figure", WEEK_1);
  await run("figure", WEEK_2);
  const [, second] = await mails();
  expect(second?.subject).toMatch(/^[\d,]+ flights, (up|down|level)$/);
  expect(second?.text).toMatch(/(up|down|level)/);
});

test("a render task that never ends is said in its section, and the table takes its place", async () => {
  const { run, mails, sandbox } = await openHouse(`
  drawn: { ${SCHEDULE}, timeout: 6s, look: 44, show: image, deliver: [{ email: ops@example.com }] }
`);
  sandbox.looker.faults.add({ kind: "render_stuck" });
  expect((await run("drawn")).run.state).toBe("delivered");
  const [mail] = await mails();
  expect(mail?.text).toContain("Looker could not draw this, so here is its table");
  expect(mail?.text).toMatch(/Looker\s+was\s+not\s+done\s+within\s+\d/);
  expect(mail?.text).toContain("Average Delay");
});

test("another report's drawings that hang cost a report its picture, and not itself", async () => {
  const three = Array.from({ length: 3 }, () => "{ look: 44, show: image }").join(", ");
  const { worker, app, sandbox } = await openHouse(`
  stuck: { ${SCHEDULE}, timeout: 8s, retry: none, sections: [${three}], deliver: [{ email: ops@example.com }] }
  innocent: { ${SCHEDULE}, timeout: 3s, retry: none, look: 44, show: image, deliver: [{ email: ops@example.com }] }
`);
  sandbox.looker.faults.add({ kind: "render_stuck", times: "always" });
  const stuck = await worker.claim({ report: "stuck", dueAt: WEEK_2, kind: "tick", trigger: "schedule" });
  const drawing = () =>
    sandbox.looker.requests.filter(({ path }) => path.includes("/render_tasks/looks")).length;
  await expect.poll(drawing).toBe(3);
  const innocent = await worker.claim({
    report: "innocent",
    dueAt: WEEK_2,
    kind: "tick",
    trigger: "schedule",
  });
  await worker.idle();
  const ledger = await app.ledger();
  for (const run of [stuck, innocent])
    expect(await ledger.run(run?.id ?? "")).toMatchObject({ state: "delivered", reason: null });
});

test("a PDF that Looker does not get done fails a report that promises it, with words about the PDF", async () => {
  const { run, mails, sandbox } = await openHouse(`
  ops: { ${SCHEDULE}, timeout: 4s, retry: none, dashboard: 7, deliver: [{ email: ops@example.com, attach: [csv, pdf] }] }
`);
  sandbox.looker.faults.add({ kind: "render_stuck", times: "always" });
  const { run: done } = await run("ops");
  expect(done.state).toBe("failed");
  expect(done.reason).toMatch(
    /^The pdf to be attached could not be had\. Looker did not draw dashboard 7 within/,
  );
  expect(await mails()).toEqual([]);
});

test("a field laid over a dashboard that is to be drawn is found by check --online, as it fails the run", async () => {
  const { app } = await openHouse(`
  ops: { ${SCHEDULE}, dashboard: 7, filters: { flights.destination: DEN }, deliver: [{ email: ops@example.com, attach: pdf }] }
  rows: { ${SCHEDULE}, dashboard: 7, filters: { flights.destination: DEN }, deliver: [{ email: ops@example.com, attach: csv }] }
  named: { ${SCHEDULE}, dashboard: 7, filters: { Origin: DEN }, deliver: [{ email: ops@example.com, attach: png }] }
`);
  const problems = await checkOnline(app, new AbortController().signal);
  expect(problems.map(({ report, message }) => [report, message])).toEqual([
    ["ops", expect.stringContaining("flights.destination is not one of them")],
  ]);
});

test("a PDF is made of a report's dashboards, and not of the Looks next to them", async () => {
  const { run, mails } = await openHouse(`
  ops: { ${SCHEDULE}, sections: [{ look: 42 }, { dashboard: 7 }], deliver: [{ email: ops@example.com, attach: pdf }] }
`);
  expect((await run("ops")).run).toMatchObject({ state: "delivered", reason: null });
  const [mail] = await mails();
  expect(mail?.attachments.map(({ filename }) => filename)).toEqual(["ops-2-2026-11-16.pdf"]);
});

test("a picture as Looker draws it comes with the email, described in words", async () => {
  const { run, mails } = await openHouse(`
  drawn: { ${SCHEDULE}, look: 44, show: image, width: 900, height: 400, deliver: [{ email: ops@example.com }] }
`);
  expect((await run("drawn")).run.state).toBe("delivered");
  const [mail] = await mails();
  const [picture] = mail?.attachments ?? [];
  expect(picture).toMatchObject({ contentType: "image/png", related: true });
  expect(picture?.content.readUInt32BE(16)).toBe(900);
  expect(String(mail?.html)).toMatch(/<img[^>]+alt="[^"]*as Looker draws it/);
});

test("words of the author are filled, and those of a text tile are not", async () => {
  const { run, mails } = await openHouse(`
  words:
    schedule: { cron: "0 8 * * mon", timezone: UTC }
    title: "Week {{ run.date | date: '%V' }}"
    sections: [{ title: Airports, text: "**{{ rows }}** rows, {{ report.title }}", look: 42 }]
    deliver: [{ email: { to: ops@example.com, message: "Due {{ run.date }}" } }]
`);
  await run("words", WEEK_2);
  const [mail] = await mails();
  expect(mail?.subject).toBe("Week 47");
  expect(mail?.text).toContain("Due 2026-11-16");
  expect(mail?.text).toMatch(/\d+ rows, Week 47/);
});

test("recipients without an account get no link that asks for a login: their own address, or none at all", async () => {
  const { run, mails, sandbox } = await openHouse(`
  bare: { ${SCHEDULE}, link: none, look: 42, deliver: [{ email: ops@example.com, attach: [xlsx, json] }] }
`);
  expect((await run("bare")).run.state).toBe("delivered");
  const [mail] = await mails();
  expect(String(mail?.html)).not.toContain(sandbox.env.LOOKER_BASE_URL);
  expect(String(mail?.text)).not.toContain("Open in Looker");
  for (const { content } of mail?.attachments ?? [])
    expect(content.includes(Buffer.from(sandbox.env.LOOKER_BASE_URL))).toBe(false);
});

test("a result without a limit is shown like any other: marks, figures and charts go by values, not by their words", async () => {
  const { run, mails } = await openHouse(`
  all:
    schedule: { cron: "0 8 * * mon", timezone: UTC }
    sections:
      - { title: Weeks, query: &weeks { model: faa, explore: flights, fields: [flights.date_week, flights.count, flights.delayed_rate], sorts: [flights.date_week desc], limit: -1 }, highlight: { flights.count: "> 1000", flights.delayed_rate: "> 20%" } }
      - { title: Figure, kpi: flights.count, query: *weeks }
      - { title: Line, query: *weeks, chart: { mark: line, x: flights.date_week, y: flights.count } }
    deliver: [{ email: ops@example.com }]
`);
  expect((await run("all")).run).toMatchObject({ state: "delivered", reason: null });
  const [mail] = await mails();
  const text = String(mail?.text);
  const marked = [...text.matchAll(/\* ([\d,]+)/g)].map(([, count]) => Number(count?.replace(",", "")));
  const counts = [...text.matchAll(/^20\d\d-\d\d-\d\d +\*? ?([\d,]+) /gm)].map(([, count]) =>
    Number(count?.replace(",", "")),
  );
  expect(counts.length).toBeGreaterThan(5);
  expect(marked.filter((count) => counts.includes(count)).length).toBe(
    counts.filter((count) => count > 1000).length,
  );
  expect(text).toMatch(/\* \d\d\.\d%/);
  expect(text).toMatch(/(up|down) [\d,]+ \(/);
  expect(text).toContain(`highest ${Math.max(...counts).toLocaleString("en-US")}`);
});

test("highlights of a dashboard mark the tiles that have the field; a field that none has is refused", async () => {
  const { run, mails } = await openHouse(`
  ops: { ${SCHEDULE}, dashboard: 7, highlight: { flights.average_delay: "> 10" }, deliver: [{ email: ops@example.com }] }
  stray: { ${SCHEDULE}, dashboard: 7, highlight: { flights.averge_delay: "> 10" }, deliver: [{ email: ops@example.com }] }
`);
  expect((await run("ops")).run).toMatchObject({ state: "delivered", reason: null });
  expect((await mails())[0]?.text).toContain("Marked: Average Delay > 10");
  expect((await run("stray")).run).toMatchObject({
    state: "failed",
    reason: expect.stringContaining('has a field "flights.averge_delay"'),
    advice: expect.stringContaining("flights.average_delay"),
  });
});

test("a file that a section attaches and a delivery asks for as well comes once", async () => {
  const { run, mails } = await openHouse(`
  once:
    schedule: { cron: "0 8 * * mon", timezone: UTC }
    sections: [{ look: 42, attach: csv }, { look: 43 }]
    deliver: [{ email: ops@example.com, attach: csv }]
`);
  await run("once");
  const [mail] = await mails();
  expect(mail?.attachments.map(({ filename }) => filename)).toEqual([
    "once-weekly-delays-by-origin-airport-2026-11-16.csv",
    "once-delay-by-destination-state-2026-11-16.csv",
  ]);
});

test("sections that cover another time than the first say so themselves", async () => {
  const { run, mails } = await openHouse(`
  mixed:
    schedule: { cron: "0 8 * * mon", timezone: UTC }
    sections:
      - { title: Week, look: 42, filters: { flights.date_date: "{{ run.due_at | looker_week }}" } }
      - { title: Four weeks, look: 42, filters: { flights.date_date: "{{ run.due_at | looker_weeks: 4 }}" } }
    deliver: [{ email: ops@example.com }]
`);
  await run("mixed", WEEK_2);
  const text = String((await mails())[0]?.text);
  expect(text).toMatch(/=\n9 to 15 November 2026\n/);
  expect(text).toMatch(/Four weeks\n-+\n19 October to 15 November 2026/);
  expect(text).not.toMatch(/Week\n-+\n9 to/);
});
