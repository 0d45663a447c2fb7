import { Command } from "commander";
import type { Io } from "./io.ts";
import { lookupCommands } from "./lookup/commands.ts";
import { mendingCommands } from "./mend/commands.ts";
import { type Done, example, port, wholeNumber, withConfig } from "./options.ts";

/**
 * The commands: their names, arguments and options. Each is loaded when it is called.
 */
export function commands(version: string, io: Io, done: Done): Command {
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
