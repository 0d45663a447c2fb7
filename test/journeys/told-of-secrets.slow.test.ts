import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { startSandboxMail } from "../../src/sandbox/mail/server.ts";
import { DAILY, flat, ofType, overdueDesk } from "./desk.ts";
import { healthchecks } from "./healthchecks.ts";
import { commandsIn, told } from "./notices.ts";
import { journey, temporaryFolder, until, whenFinished } from "./program.ts";

journey(
  "a login that is refused is mended as its notice says: a new secret, the service again, the command",
  async () => {
    const desk = await overdueDesk({
      reports: `  weekly: { schedule: "${DAILY}", look: 42, deliver: [{ slack: "#data-ops" }], on_failure: { email: ops@example.com } }
`,
    });
    const { env } = desk.sandbox;
    const wrong = [
      { LOOKER_CLIENT_SECRET: "rotated-away", SLACK_BOT_TOKEN: "xoxb-revoked" },
      { SLACK_BOT_TOKEN: "xoxb-revoked" },
    ];
    for (const [index, secrets] of wrong.entries()) {
      const service = desk.start({ env: secrets });
      if (index > 0) {
        await service.says("started");
        // To the service, whose environment it is.
        await desk.lookpost(...(commandsIn((await told(desk))[0]?.text ?? "")[0] ?? "").split(" ").slice(1));
      }
      await until(async () => (await told(desk)).length === index + 1);
      expect((await told(desk))[index]?.text.replace(/\s+/g, " ")).toContain(
        "start it again with the new value",
      );
      service.kill("SIGTERM");
      await service.ended;
    }
    const service = desk.start({ env });
    await service.says("started");
    const [, words] = (await told(desk)).map(({ text }) => text);
    await desk.lookpost(...(commandsIn(words ?? "")[1] ?? "").split(" ").slice(1));
    expect(ofType(await desk.history(), "run")).toMatchObject([{ status: "delivered" }]);
    expect(desk.sandbox.slack.posts("#data-ops")).toHaveLength(1);
  },
);

journey(
  "a variable and a secret's file that are missing in production are mended as the notice says: the file written, the service started with the variable",
  async () => {
    const head = "defaults: { on_failure: { email: ops@example.com } }\n";
    const reports = (subject: string) =>
      `  weekly: { schedule: "${DAILY}", look: 42, deliver: [{ email: { to: ana@example.com, subject: "${subject}" } }] }\n`;
    const desk = await overdueDesk({ reports: reports("Delays"), head });
    const first = desk.start();
    await first.says("run delivered");
    const address = join(desk.folder, "address");
    desk.write(reports(`\${SUBJECT}`), `heartbeat: "\${file:${address}}"\n${head}`);
    await until(async () => (await told(desk)).length === 1);
    const [notice] = await told(desk);
    expect(flat(notice?.text ?? "")).toMatch(
      /the file \S+address cannot be read: there is no such file Check the path, .* the environment variable SUBJECT is not set Set it before starting \(export SUBJECT=…\)/,
    );
    expect(flat(notice?.text ?? "")).toContain(
      "A variable that is missing has to be set where the service is started, which takes a new start.",
    );
    const watcher = await healthchecks();
    writeFileSync(address, `${watcher.url}/ping/0b0e\n`);
    // The file is read by itself, and the variable alone is left.
    await first.says("reports.yaml is broken: the last good one stays in use", ({ reason }) =>
      String(reason).includes("1 problem,"),
    );
    const [command = ""] = commandsIn(notice?.text ?? "");
    const checked = await desk.lookpost(...command.split(" ").slice(1));
    expect(checked.code).toBe(2);
    expect(flat(checked.out + checked.err)).toMatch(/SUBJECT is not set .* 1 problem,/);
    first.kill("SIGTERM");
    await first.ended;
    const second = desk.start({ env: { SUBJECT: "Delays by airport" } });
    await second.says("started");
    await until(async () => (await told(desk)).length === 2);
    expect((await told(desk))[1]?.subject).toBe("reports.yaml is whole again");
    await until(() => watcher.pings.length > 0);
    expect(watcher.pings).toEqual(["GET /ping/0b0e"]);
  },
);

for (const where of ["variable", "file"] as const)
  journey(
    `a mail server that refuses the password (535) is mended as the notice says, with the secret in a ${where}`,
    async () => {
      const desk = await overdueDesk({
        reports: `  weekly: { schedule: "${DAILY}", look: 42, deliver: [{ email: ana@example.com }], on_failure: { slack: "#data-ops" } }\n`,
        edit: (text) => (where === "file" ? text.replace("${SMTP_URL}", "${file:./smtp}") : text),
      });
      const { folder, sandbox } = desk;
      const outbox = temporaryFolder();
      const mail = await startSandboxMail({ outbox, passwords: { reports: "of-today" } });
      whenFinished(() => mail.close());
      const url = (password: string) => `smtp://reports:${password}@127.0.0.1:${mail.port}`;
      const correct = (password: string) => {
        writeFileSync(join(folder, "smtp.new"), url(password));
        renameSync(join(folder, "smtp.new"), join(folder, "smtp"));
      };
      correct("of-yesterday");
      const first = desk.start({ env: { SMTP_URL: url("of-yesterday") } });
      await until(() => sandbox.slack.posts("#data-ops").length === 1);
      const notice = JSON.stringify(sandbox.slack.posts("#data-ops")[0]);
      expect(notice).toMatch(/535.*Check the user and the password in email\.smtp/);
      expect(notice).toContain("A service reads a ${file:…} again by itself");
      expect(notice).toContain("start it again with the new value");
      if (where === "file") correct("of-today");
      else {
        first.kill("SIGTERM");
        await first.ended;
        const second = desk.start({ env: { SMTP_URL: url("of-today") } });
        await second.says("started");
        const [command = ""] = /lookpost retry \w+ --failed-only/.exec(notice) ?? [];
        expect(await desk.lookpost(...command.split(" ").slice(1))).toMatchObject({ code: 0 });
      }
      await until(async () => (await mail.messages()).length === 1);
      expect((await mail.messages())[0]?.recipients).toEqual(["ana@example.com"]);
      await until(async () => ofType(await desk.history(), "run")[0]?.status === "delivered");
    },
  );
