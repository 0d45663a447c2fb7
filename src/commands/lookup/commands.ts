import type { Command } from "commander";
import type { Io } from "../io.ts";
import { type Done, example, FILE_DEFAULT, wholeNumber, withConfig } from "../options.ts";

/** The commands that look things up and change nothing. */
export function lookupCommands(program: Command, io: Io, done: Done): void {
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
      done(await (await import("./check.ts")).checkCommand(file, options, io)),
    );
  withConfig(program.command("next"))
    .argument("[report]", "only this one")
    .description("List the next ticks, in each report's time zone and in UTC")
    .option("--days <n>", "how many days ahead", wholeNumber(1, 3660), 7)
    .option("--json", "one line of JSON for each tick")
    .addHelpText("after", example("lookpost next --days 30"))
    .action(async (report, options) =>
      done(await (await import("./next.ts")).nextCommand(report, options, io)),
    );
  withConfig(program.command("history"))
    .argument("[report]", "only this one")
    .description("List runs and how they ended, or show one run with what to do about it")
    .option("--run <id>", "one run as a time line: its attempts, queries and deliveries")
    .option("--limit <n>", "how many runs", wholeNumber(1, 10_000), 20)
    .option("--json", "one line of JSON for each delivery and each run; with --run also for each attempt")
    .addHelpText("after", example("lookpost history weekly-delays", "lookpost history --run 0mkpx3f2a1b2c3"))
    .action(async (report, options) =>
      done(await (await import("../history/history.ts")).historyCommand(report, options, io)),
    );
  withConfig(program.command("health"))
    .description("Say whether the service is alive (exit code 0) or not (1)")
    .addHelpText("after", example("lookpost health"))
    .action(async (options) => done(await (await import("../service/health.ts")).healthCommand(options, io)));
  program
    .command("schema")
    .description("Print the JSON Schema of reports.yaml, for editors")
    .option("--reference", "print the reference in Markdown instead")
    .addHelpText("after", example("lookpost schema > reports.schema.json"))
    .action(async (options) => done(await (await import("./schema.ts")).schemaCommand(options, io)));
}
