import { createReadStream, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { simpleParser } from "mailparser";
import { afterAll, beforeAll, expect } from "vitest";
import { openPostgresLedger } from "../../src/ledger/postgres/postgres.ts";
import { keptPort } from "../ports.ts";
import { startPostgres } from "../postgres.ts";
import { DAILY, type Desk, type DeskOptions, openDesk, received } from "./desk.ts";
import { type Build, build, installation } from "./installation.ts";
import { journey, until, whenFinished } from "./program.ts";

let built: Build;
beforeAll(() => {
  built = build();
});
afterAll(() => built.remove());

const NEVER = `  never: { schedule: "3 4 29 2 *", look: 42, deliver: [{ email: never@example.com }] }\n`;

/** Fails, and both kinds of destination are told. */
const WRONG = `  wrong:
    schedule: "${DAILY}"
    look: 999999
    deliver: [{ email: wrong@example.com }]
    on_failure: [{ email: oncall@example.com }, { slack: "#flight-ops" }]
`;

/** Every source, way of showing, format and destination. */
const EVERYTHING = `  whole:
    title: "Delays of {{ run.due_at | date: '%d %B' }}"
    schedule: "${DAILY}"
    sections:
      - look: 44
        text: "**What** to [look at](https://example.com)."
        chart: { mark: line, x: flights.date_date, y: flights.average_delay }
      - query: { model: faa, explore: flights, fields: [flights.id, flights.origin, flights.distance], limit: 6000 }
        attach: [csv, xlsx, json]
      - dashboard: 7
    deliver:
      - email: whole@example.com
        attach: [html, zip, pdf]
      - slack: "#flight-ops"
        attach: csv
      - file: out
        attach: xlsx
`;

const REPORTS = ["before", "during", "after"].map(
  (name) => `  ${name}:
    schedule: "${DAILY}"
    look: 42
    deliver: [{ email: { to: ${name}@example.com }, attach: xlsx }, { slack: "#flight-ops" }]
`,
);

journey(
  "an upgrade in place, while runs are under way, loses nothing and doubles nothing; the next start goes on",
  async () => {
    const installed = installation(built);
    const desk = await openDesk({ reports: NEVER, program: installed.program, queryMs: 1_500 });
    const old = desk.start();
    await old.says("started");
    desk.write([NEVER, WRONG, ...REPORTS].join(""));
    await old.says("reports.yaml was read again");
    await desk.promise(["before", "wrong"]);
    old.kill("SIGHUP");
    await old.says("run started", ({ report }) => report === "before");
    installed.empty();
    await old.says("run delivered", ({ report }) => report === "before");
    for (const kind of ["email", "slack"])
      await old.says(
        "delivery sent",
        ({ report, destination }) => report === "wrong" && destination === kind,
      );
    installed.fill();
    await desk.promise(["during"]);
    old.kill("SIGHUP");
    await old.says("run started", ({ report }) => report === "during");
    old.kill("SIGTERM");
    expect(await old.ended).toMatchObject({ code: 0, err: "" });

    await desk.promise(["after"]);
    const next = desk.start();
    await next.says("run delivered", ({ report }) => report === "after");
    await until(() =>
      [old, next].some((one) => one.said("run delivered").some(({ report }) => report === "during")),
    );
    next.kill("SIGTERM");
    expect(await next.ended).toMatchObject({ code: 0, err: "" });
    const people = ["after", "before", "during", "oncall"].map((name) => `${name}@example.com`);
    expect(await received(desk)).toEqual(people);
    const posted = [old, next].flatMap((one) =>
      one.said("delivery sent").filter(({ destination }) => destination === "slack"),
    );
    expect(posted.map(({ report }) => report).sort()).toEqual(["after", "before", "during", "wrong"]);
  },
);

/** A service whose installation is taken away once it has started, and which then does all that a service does. */
async function withoutInstallation(options: Pick<DeskOptions, "env" | "openLedger">): Promise<void> {
  const installed = installation(built);
  const port = await keptPort();
  const edit = (text: string) =>
    text
      .replace("server: 0", `server: { port: ${port}, url: "http://127.0.0.1:${port}" }`)
      .replace("from: reports@example.com", "from: reports@example.com, attach_max: 150KB");
  const desk = await openDesk({ ...options, reports: NEVER, program: installed.program, edit });
  const service = desk.start();
  await service.says("started");
  installed.empty();

  // Read by a process of its own.
  desk.write(NEVER + EVERYTHING + WRONG);
  await service.says("reports.yaml was read again");
  await desk.promise(["whole", "wrong"]);
  service.kill("SIGHUP");
  await service.says("run delivered", ({ report }) => report === "whole");
  await service.says("run failed", ({ report }) => report === "wrong");
  for (const told of ["oncall@example.com", "#flight-ops"])
    await service.says("delivery sent", ({ report, target }) => report === "wrong" && target === told);

  expect(service.said("not shown as asked for")).toEqual([]);
  expect(await received(desk)).toEqual(["oncall@example.com", "whole@example.com"]);
  const sent = service.said("delivery sent").map(({ destination, report }) => `${report} ${destination}`);
  expect(sent.sort()).toEqual(["whole email", "whole file", "whole slack", "wrong email", "wrong slack"]);
  expect(readdirSync(join(desk.folder, "out"))).toHaveLength(1);
  await fetchesLink(desk);
  expect(service.said("trouble")).toEqual([]);
  service.kill("SIGTERM");
  expect(await service.ended).toMatchObject({ code: 0, err: "" });
}

/** What was too large for the message is behind a link in it. */
async function fetchesLink({ sandbox }: Desk): Promise<void> {
  const mails = await sandbox.smtp.messages();
  const read = await Promise.all(mails.map(({ file }) => simpleParser(createReadStream(file))));
  const bodies = read.map(({ text, html }) => `${text} ${html}`).join("\n");
  const [link = "no link"] = /http:\/\/127\.0\.0\.1:\d+\/files\/[\w-]+/.exec(bodies) ?? [];
  const page = await fetch(link);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("Download");
}

journey(
  "once a service has started nothing more is read of what is installed: its code, its packages, its Node",
  () => withoutInstallation({}),
);

journey("nor by a worker of a fleet, whose ledger and queue are in Postgres", async () => {
  const postgres = await startPostgres();
  whenFinished(() => postgres.stop());
  const url = await postgres.createDatabase();
  await withoutInstallation({
    env: { DATABASE_URL: url },
    openLedger: () => openPostgresLedger(url, {}),
  });
});

journey("a service of which a part is missing ends at its start, and says which", async () => {
  const installed = installation(built);
  const font = join(dirname(installed.program.at(-1) ?? ""), "../fonts/noto-sans-sc.ttf");
  rmSync(font);
  const desk = await openDesk({ reports: NEVER, program: installed.program });
  const { code, err } = await desk.start().ended;
  expect(code).toBe(1);
  expect(err).toContain("The installation is not whole: ");
  expect(err).toContain("noto-sans-sc.ttf cannot be read (ENOENT).\n  Install it again: ");
});
