import { Command, InvalidArgumentError } from "commander";
import type { Io } from "./io.ts";

const FILE_DEFAULT = "reports.yaml";

/**
 * The commands: their names, arguments and options. Each is loaded when it is called. `done` hears the exit code of the one that was.
 */
export function commands(version: string, io: Io, done: (code: number) => void): Command {
  const program = new Command("lookpost")
    .description("Sends the Looker reports that reports.yaml declares, on schedule, by email and Slack.")
    .version(version)
    .exitOverride()
    .showHelpAfterError("(see lookpost --help)")
    .addHelpText("after", EXAMPLES);
  runCommands(program, io, done);
  mendingCommands(program, io, done);
  lookupCommands(program, io, done);
  setupCommands(program, io, done);
  for (const command of program.commands)
    command.showHelpAfterError(`(see lookpost ${command.name()} --help)`);
  return program;
}

const EXAMPLES = `
Examples:
  lookpost check                                   every problem of the file
  lookpost preview weekly-delays --open            as each recipient gets it
  lookpost run weekly-delays --to me@example.com   one report now, only to me
  lookpost next --days 7                           the next ticks
  lookpost history                                 what ran and how it ended
  lookpost start                                   the service

Exit codes: 0 done, 1 something failed, 2 the configuration or call is wrong.`;

type Done = (code: number) => void;

/** The commands that carry reports out. */
function runCommands(program: Command, io: Io, done: Done): void {
  withConfig(program.command("start"))
    .description("Run the service: every report at its time, until SIGTERM or Ctrl-C")
    .option("--grace-seconds <n>", "how long runs may take to finish at a stop", wholeNumber(0, 3600), 25)
    .addHelpText("after", example("lookpost start --config /etc/lookpost/reports.yaml"))
    .action(async (options) => done(await (await import("./service/start.ts")).startCommand(options, io)));
  withConfig(program.command("run"))
    .argument("<report>", "its name in reports.yaml")
    .description("Run one report now, whether or not the service is running")
    .option("--to <address>", "send it only to this address; several with commas between them")
    .option("--dry-run", "query and make the files, send nothing")
    .option("--due <time>", "run it for this tick: 2026-11-16T08:00 in the report's zone, or with an offset")
    .option("--again", "run a tick again that has already been run")
    .option("--json", "one line of JSON for each delivery and one for the run")
    .addHelpText(
      "after",
      example(
        "lookpost run weekly-delays --to me@example.com",
        "lookpost run weekly-delays --due 2026-11-16T08:00",
      ),
    )
    .action(async (report, options) =>
      done(await (await import("./run/run.ts")).runCommand(report, options, io)),
    );
  withConfig(program.command("preview"))
    .argument("<report>", "its name in reports.yaml")
    .description("Show a report as each recipient would get it; nothing is sent")
    .option("--due <time>", "as of this tick: 2026-11-16T08:00 in the report's zone, or with an offset")
    .option("--as <recipient>", "only what this address, channel or user would get")
    .option("--out <dir>", "write it to this folder (default: a new temporary one)")
    .option("--open", "open it in the browser")
    .option("--json", "one line of JSON for each delivery")
    .addHelpText(
      "after",
      example(
        "lookpost preview weekly-delays --open",
        "lookpost preview weekly-delays --as ana@example.com --out ./preview",
      ),
    )
    .action(async (report, options) =>
      done(await (await import("./preview/preview.ts")).previewCommand(report, options, io)),
    );
  withConfig(program.command("demo"))
    .description("Run every report against a sandbox Looker, SMTP server and Slack, and show what arrives")
    .option("--once", "end after the first round; exit code 1 if anything failed")
    .option("--json", "one line of JSON for each delivery and each run")
    .option("--outbox <dir>", "write what is delivered to this folder")
    .option("--web-port <n>", "port of the page that shows what arrived", port)
    .addHelpText("after", example("lookpost demo", "lookpost demo --once --json"))
    .action(async (options) => done(await (await import("./run/demo.ts")).demoCommand(options, io)));
}

/** The commands for a day that did not go well. */
function mendingCommands(program: Command, io: Io, done: Done): void {
  withConfig(program.command("retry"))
    .argument("<run>", "its id, as `lookpost history` shows it")
    .description("Repeat a run that has ended: query Looker again, and send what has not been sent")
    .option("--failed-only", "send the existing files to those who did not get them")
    .option("--json", "one line of JSON for each delivery and one for the run")
    .addHelpText(
      "after",
      example("lookpost retry 0mkpx3f2a1b2c3", "lookpost retry 0mkpx3f2a1b2c3 --failed-only"),
    )
    .action(async (run, options) =>
      done(await (await import("./mend/retry.ts")).retryCommand(run, options, io)),
    );
  withConfig(program.command("resend"))
    .argument("<delivery>", "its id, as `lookpost history --run` shows it")
    .description("Send one delivery again, however it ended")
    .option("--json", "one line of JSON for the delivery")
    .addHelpText("after", example("lookpost resend 0mkpx3f2z9y8x7"))
    .action(async (delivery, options) =>
      done(await (await import("./mend/resend.ts")).resendCommand(delivery, options, io)),
    );
  withConfig(program.command("cancel"))
    .argument("<run>", "its id, as `lookpost history` shows it")
    .description("Stop a run that has not ended; what has been sent stays sent")
    .option("--json", "one line of JSON for each delivery and one for the run")
    .addHelpText("after", example("lookpost cancel 0mkpx3f2a1b2c3"))
    .action(async (run, options) =>
      done(await (await import("./mend/cancel.ts")).cancelCommand(run, options, io)),
    );
  withConfig(program.command("pause"))
    .argument("<report>", "its name in reports.yaml")
    .description("Skip a report's ticks until it is resumed")
    .option("--reason <words>", "why: shown in history")
    .option("--json", "as one line of JSON")
    .addHelpText("after", example('lookpost pause weekly-delays --reason "until the new model is out"'))
    .action(async (report, options) =>
      done(await (await import("./mend/pause.ts")).pauseCommand(report, options, io)),
    );
  withConfig(program.command("resume"))
    .argument("<report>", "its name in reports.yaml")
    .description("End a pause; the ticks skipped meanwhile are not caught up")
    .option("--json", "as one line of JSON")
    .addHelpText("after", example("lookpost resume weekly-delays"))
    .action(async (report, options) =>
      done(await (await import("./mend/pause.ts")).resumeCommand(report, options, io)),
    );
  withConfig(program.command("recipients"))
    .argument("[report]", "only this one")
    .description("List who has unsubscribed from reports, or have them sent again")
    .option("--lift <address...>", "send it to them again")
    .option("--unsubscribe <address...>", "do not send it to them any more, as they have asked its owner")
    .option("--json", "one line of JSON for each")
    .addHelpText(
      "after",
      example("lookpost recipients", "lookpost recipients weekly-delays --lift ana@example.com"),
    )
    .action(async (report, options) =>
      done(await (await import("./mend/recipients.ts")).recipientsCommand(report, options, io)),
    );
}

/** The commands that look things up and change nothing. */
function lookupCommands(program: Command, io: Io, done: Done): void {
  program
    .command("check")
    .argument("[file]", "the file to check", FILE_DEFAULT)
    .description("Find every problem of a reports.yaml")
    .option(
      "--online",
      "also ask Looker, Slack and the mail server: do the Looks, fields and channels exist?",
    )
    .option("--json", "one line of JSON for each problem")
    .addHelpText("after", example("lookpost check", "lookpost check staging.yaml --online"))
    .action(async (file, options) =>
      done(await (await import("./lookup/check.ts")).checkCommand(file, options, io)),
    );
  withConfig(program.command("next"))
    .argument("[report]", "only this one")
    .description("List the next ticks, in each report's time zone and in UTC")
    .option("--days <n>", "how many days ahead", wholeNumber(1, 3660), 7)
    .option("--json", "one line of JSON for each tick")
    .addHelpText("after", example("lookpost next --days 30"))
    .action(async (report, options) =>
      done(await (await import("./lookup/next.ts")).nextCommand(report, options, io)),
    );
  withConfig(program.command("history"))
    .argument("[report]", "only this one")
    .description("List runs and how they ended, or show one run with what to do about it")
    .option("--run <id>", "one run as a time line: its attempts, queries and deliveries")
    .option("--limit <n>", "how many runs", wholeNumber(1, 10_000), 20)
    .option("--json", "one line of JSON for each delivery and each run; with --run also for each attempt")
    .addHelpText("after", example("lookpost history weekly-delays", "lookpost history --run 0mkpx3f2a1b2c3"))
    .action(async (report, options) =>
      done(await (await import("./history/history.ts")).historyCommand(report, options, io)),
    );
  withConfig(program.command("health"))
    .description("Say whether the service is alive (exit code 0) or not (1)")
    .addHelpText("after", example("lookpost health"))
    .action(async (options) => done(await (await import("./service/health.ts")).healthCommand(options, io)));
  program
    .command("schema")
    .description("Print the JSON Schema of reports.yaml, for editors")
    .option("--reference", "print the reference in Markdown instead")
    .addHelpText("after", example("lookpost schema > reports.schema.json"))
    .action(async (options) => done(await (await import("./lookup/schema.ts")).schemaCommand(options, io)));
}

/** The commands for setting lookpost up. */
function setupCommands(program: Command, io: Io, done: Done): void {
  withConfig(program.command("test-connection"))
    .description("Show who the API user is and what it is allowed to do, or what to check")
    .option("--json", "as one line of JSON")
    .addHelpText("after", example("lookpost test-connection"))
    .action(async (options) =>
      done(await (await import("./lookup/test-connection.ts")).testConnectionCommand(options, io)),
    );
  withConfig(program.command("looks"))
    .argument("[text]", "part of the title")
    .description("Find Looks by title")
    .option("--json", "one line of JSON for each")
    .addHelpText("after", example("lookpost looks delay"))
    .action(async (text, options) =>
      done(await (await import("./lookup/names.ts")).looksCommand(text, options, io)),
    );
  withConfig(program.command("fields"))
    .argument("[model]")
    .argument("[explore]")
    .description(
      "List the fields that a query can use; of a model alone its explores, and without one all of them",
    )
    .option("--look <id>", "the fields of this Look's explore")
    .option("--json", "one line of JSON for each")
    .addHelpText(
      "after",
      example("lookpost fields faa", "lookpost fields faa flights", "lookpost fields --look 42"),
    )
    .action(async (model, explore, options) =>
      done(await (await import("./lookup/names.ts")).fieldsCommand(model, explore, options, io)),
    );
  program
    .command("sandbox")
    .description("Run only the sandbox Looker, SMTP server and Slack, to try things out")
    .option("--looker-port <n>", "0 for any free port", port)
    .option("--smtp-port <n>", "0 for any free port", port)
    .option("--slack-port <n>", "0 for any free port", port)
    .option("--web-port <n>", "port of the page that shows what arrived", port)
    .option("--outbox <dir>", "write what is delivered to this folder")
    .option("--query-ms <n>", "how long a query takes", wholeNumber(0, 3_600_000))
    .option("--json", "print the addresses as one line of JSON")
    .addHelpText("after", example("lookpost sandbox --looker-port 19999 --outbox ./outbox"))
    .action(async (options) => done(await (await import("./run/sandbox.ts")).sandboxCommand(options, io)));
}

function withConfig(command: Command): Command {
  return command.option("-c, --config <file>", "the reports.yaml to use", FILE_DEFAULT);
}

function example(...lines: readonly string[]): string {
  return `\nExample:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It has to be a whole number from ${least} to ${most}.`);
  };
}

const port = wholeNumber(0, 65_535);
