import { exec } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { DAILY, ofType, openDesk, overdueDesk } from "./desk.ts";
import { commandsIn, told } from "./notices.ts";
import { journey, until } from "./program.ts";

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
  /** The report's line in reports.yaml as it is wrong. */
  readonly wrong: string;
  /** As the notice says to write it; absent: the file is right. */
  readonly right?: string;
  /** Its words by which the notice tells what to do. */
  readonly advice: RegExp;
  /** The command of the notice that is for this case, by its number. */
  readonly command?: number;
}

const TO_ANA = "deliver: [{ email: ana@example.com }]";

/** What a notice may advise, each followed to the letter below. */
const FAILURES: Readonly<Record<string, Failure>> = {
  channel: {
    wrong: "look: 42, deliver: [{ slack: '#no-such-channel' }]",
    right: "look: 42, deliver: [{ slack: '#data-ops' }]",
    advice: /Check the name/,
  },
  look: { wrong: `look: 4242, ${TO_ANA}`, right: `look: 42, ${TO_ANA}`, advice: /Check the id/ },
  field: {
    wrong: `look: 42, filters: { flights.nope: '1' }, ${TO_ANA}`,
    right: `look: 42, ${TO_ANA}`,
    advice: /Names are case-sensitive/,
  },
  address: {
    wrong: "look: 42, deliver: [{ email: wrong@example.com }]",
    right: "look: 42, deliver: [{ email: right@example.com }]",
    advice: /correct it in reports.yaml/,
  },
  timeout: {
    wrong: `look: 43, timeout: 1s, ${TO_ANA}`,
    right: `look: 43, timeout: 5m, ${TO_ANA}`,
    advice: /longer `timeout:`/,
  },
  size: {
    wrong: `look: 46, max_result: 10kB, ${TO_ANA}`,
    right: `look: 46, max_result: 10MB, ${TO_ANA}`,
    advice: /larger `max_result:`/,
  },
  template: {
    wrong:
      "look: 82, deliver: [{ email: { to: ana@example.com, subject: '{{ 100 | divided_by: rows }} a row' } }]",
    right:
      "look: 82, deliver: [{ email: { to: ana@example.com, subject: '{% if rows > 0 %}{{ 100 | divided_by: rows }} a row{% else %}None{% endif %}' } }]",
    advice: /Check first whether it is 0/,
  },
  relay: { wrong: "look: 42, deliver: [{ email: ben@example.com }]", advice: /forbids it/, command: 1 },
  invite: { wrong: "look: 42, deliver: [{ slack: '#flight-ops' }]", advice: /Invite the bot/, command: 1 },
};

const shell = promisify(exec);

journey(
  "what a notice advises, to the letter, has the report delivered, for each kind of failure",
  async () => {
    const names = Object.keys(FAILURES);
    const file = (isRight: boolean) =>
      Object.entries(FAILURES)
        .map(([name, { wrong, right }]) => {
          const rest = isRight ? (right ?? wrong) : wrong;
          return `  ${name}: { schedule: "${DAILY}", ${rest}, retry: { tries: 1 }, on_failure: { email: ops@example.com } }\n`;
        })
        .join("");
    const desk = await overdueDesk({ reports: file(false), queryMs: 1_500 });
    const { smtp, slack } = desk.sandbox;
    smtp.faults.add({
      at: "rcpt",
      refuse: 550,
      message: "5.1.1 No such mailbox",
      recipient: "wrong@example.com",
    });
    smtp.faults.add({
      at: "rcpt",
      refuse: 554,
      message: "5.7.1 Relaying denied",
      recipient: "ben@example.com",
      times: 1,
    });
    slack.faults.add({ method: "chat.postMessage", error: "not_in_channel", times: 1 });
    const service = desk.start({ env: { LOOKPOST_COMMAND: "" } });
    await until(async () => (await told(desk)).length === names.length);
    const notices = await told(desk);
    const of = (name: string) => notices.find(({ text }) => text.includes(`Report ${name}, run`))?.text ?? "";
    for (const [name, { advice }] of Object.entries(FAILURES))
      expect({ name, text: of(name) }).toMatchObject({ text: expect.stringMatching(advice) });
    desk.write(file(true));
    await service.says("reports.yaml was read again");
    // Asynchronous: the sandbox is in this process.
    const env = { PATH: process.env.PATH, ...desk.sandbox.env };
    const commands = Object.entries(FAILURES).map(
      ([name, { command = 0 }]) => commandsIn(of(name))[command] ?? "",
    );
    for (const command of commands) expect(command).toMatch(/src\/cli\.ts retry \w+( --failed-only)?$/);
    await Promise.all(commands.map((command) => shell(command, { cwd: desk.folder, env })));
    const runs = ofType(await desk.history(), "run");
    expect(runs.map(({ report, status }) => `${report} ${status}`).sort()).toEqual(
      names.map((name) => `${name} delivered`).sort(),
    );
    await until(async () => (await told(desk)).length === 2 * names.length);
    const last = (await told(desk)).slice(names.length);
    expect(last.map(({ subject }) => subject.replace(/:.*/, ""))).toEqual(names.map(() => "Works again"));
  },
);
