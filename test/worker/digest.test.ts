import { expect, test } from "vitest";
import { openHouse } from "./house.ts";

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

test("a render task that never ends is said in its section, and the table stands in", async () => {
  const { run, mails, sandbox } = await openHouse(`
  drawn: { ${SCHEDULE}, timeout: 6s, look: 44, show: image, deliver: [{ email: ops@example.com }] }
`);
  sandbox.looker.faults.add({ kind: "render_stuck" });
  expect((await run("drawn")).run.state).toBe("delivered");
  const [mail] = await mails();
  expect(mail?.text).toContain("Looker could not draw this, so its table stands here");
  expect(mail?.text).toContain("rendering");
  expect(mail?.text).toContain("Average Delay");
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
