import { exec } from "node:child_process";
import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { simpleParser } from "mailparser";
import { expect } from "vitest";
import { DAILY, type Desk, type DeskOptions, ofType, openDesk, overdueDesk } from "./desk.ts";
import { journey, until } from "./program.ts";

/** What on_failure got by email so far: subject and plain text. */
async function told({ sandbox }: Desk): Promise<{ subject: string; text: string }[]> {
  const mails = await sandbox.smtp.messages();
  const ours = mails.filter(({ recipients }) => recipients.includes("ops@example.com"));
  const parsed = await Promise.all(ours.map(async ({ file }) => simpleParser(await readFile(file))));
  return parsed.map(({ subject = "", text = "" }) => ({ subject, text }));
}

journey("a reports.yaml that breaks in production is told of once, and when it is whole", async () => {
  const reports = `  weekly: { schedule: "${DAILY}", look: 42, deliver: [{ email: ana@example.com }] }\n`;
  const head = "defaults: { on_failure: { email: ops@example.com } }\n";
  const desk = await openDesk({ reports, head });
  const first = desk.start();
  await first.says("started");
  const subjects = async () => (await told(desk)).map(({ subject }) => subject);
  writeFileSync(join(desk.folder, "reports.yaml"), "version: 1\nreprots: {}\n");
  await until(async () => (await told(desk)).length > 0);
  const [notice] = await told(desk);
  expect(notice?.subject).toBe("reports.yaml is broken");
  expect(notice?.text).toContain("reprots");
  expect(notice?.text).toContain("lookpost check");
  expect((await desk.lookpost("history")).out).toMatch(/\(reports\.yaml\) .* broken/);
  first.kill("SIGTERM");
  await first.ended;
  desk.write(reports, head);
  const second = desk.start();
  await second.says("started");
  await until(async () => (await told(desk)).length > 1);
  expect(await subjects()).toEqual(["reports.yaml is broken", "reports.yaml is whole again"]);
  second.kill("SIGTERM");
  await second.ended;
  const third = desk.start();
  await third.says("started");
  expect(await subjects()).toHaveLength(2);
});

interface Failure {
  readonly name: string;
  /** The report's line in reports.yaml as it is wrong, and mended. */
  readonly wrong: string;
  readonly right: string;
}

const FAILURES: readonly Failure[] = [
  {
    name: "channel",
    wrong: "look: 42, deliver: [{ slack: '#no-such-channel' }]",
    right: "look: 42, deliver: [{ slack: '#data-ops' }]",
  },
  {
    name: "look",
    wrong: "look: 4242, deliver: [{ email: ana@example.com }]",
    right: "look: 42, deliver: [{ email: ana@example.com }]",
  },
  {
    name: "filter",
    wrong: "look: 42, filters: { flights.nope: '1' }, deliver: [{ email: ana@example.com }]",
    right: "look: 42, deliver: [{ email: ana@example.com }]",
  },
];

/** The first command of a notice, as it stands in its plain text. */
function firstCommand(text: string): string {
  const line = text.split(/\r?\n/).find((each) => /^ {4}\S/.test(each));
  return line?.trim() ?? "";
}

async function mends(failure: Failure, more: Partial<DeskOptions> = {}): Promise<void> {
  const line = (rest: string) =>
    `  ${failure.name}: { schedule: "${DAILY}", ${rest}, on_failure: { email: ops@example.com } }\n`;
  const desk = await overdueDesk({ reports: line(failure.wrong), ...more });
  const service = desk.start({ env: { LOOKPOST_COMMAND: "" } });
  await service.says("run failed");
  await until(async () => (await told(desk)).length === 1);
  const [notice] = await told(desk);
  const command = firstCommand(notice?.text ?? "");
  expect(command).toMatch(/src\/cli\.ts retry \w+$/);
  desk.write(line(failure.right));
  // Asynchronous: the sandbox is in this process.
  const env = { PATH: process.env.PATH, ...desk.sandbox.env };
  await promisify(exec)(command, { cwd: desk.folder, env });
  const [run] = ofType(await desk.history(), "run");
  expect(run).toMatchObject({ status: "delivered" });
  await until(async () => (await told(desk)).length === 2);
  expect((await told(desk))[1]?.subject).toMatch(/^Works again: /);
}

for (const failure of FAILURES)
  journey(`a failure by a wrong ${failure.name} is mended by exactly the command of its notice`, () =>
    mends(failure),
  );
