import type { Command } from "commander";
import type { Io } from "../io.ts";
import { type Done, example, withConfig } from "../options.ts";

/** The commands for a day that did not go well. */
export function mendingCommands(program: Command, io: Io, done: Done): void {
  withConfig(program.command("retry"))
    .argument("<run>", "its id, as `lookpost history` shows it")
    .description("Repeat a run that has ended: query Looker again, and send what has not been sent")
    .option("--failed-only", "send the existing files to those who did not get them")
    .option("--json", "one line of JSON for each delivery and one for the run")
    .addHelpText(
      "after",
      example("lookpost retry 0mkpx3f2a1b2c3", "lookpost retry 0mkpx3f2a1b2c3 --failed-only"),
    )
    .action(async (run, options) => done(await (await import("./retry.ts")).retryCommand(run, options, io)));
  withConfig(program.command("resend"))
    .argument("<delivery>", "its id, as `lookpost history --run` shows it")
    .description("Send one delivery again, however it ended")
    .option("--json", "one line of JSON for the delivery")
    .addHelpText("after", example("lookpost resend 0mkpx3f2z9y8x7"))
    .action(async (delivery, options) =>
      done(await (await import("./resend.ts")).resendCommand(delivery, options, io)),
    );
  withConfig(program.command("cancel"))
    .argument("<run>", "its id, as `lookpost history` shows it")
    .description("Stop a run that has not ended; what has been sent stays sent")
    .option("--json", "one line of JSON for each delivery and one for the run")
    .addHelpText("after", example("lookpost cancel 0mkpx3f2a1b2c3"))
    .action(async (run, options) =>
      done(await (await import("./cancel.ts")).cancelCommand(run, options, io)),
    );
  withConfig(program.command("pause"))
    .argument("<report>", "its name in reports.yaml")
    .description("Skip a report's ticks until it is resumed")
    .option("--reason <words>", "why: shown in history")
    .option("--json", "as one line of JSON")
    .addHelpText("after", example('lookpost pause weekly-delays --reason "until the new model is out"'))
    .action(async (report, options) =>
      done(await (await import("./pause.ts")).pauseCommand(report, options, io)),
    );
  withConfig(program.command("resume"))
    .argument("<report>", "its name in reports.yaml")
    .description("End a pause; the ticks skipped meanwhile are not caught up")
    .option("--json", "as one line of JSON")
    .addHelpText("after", example("lookpost resume weekly-delays"))
    .action(async (report, options) =>
      done(await (await import("./pause.ts")).resumeCommand(report, options, io)),
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
      done(await (await import("./recipients.ts")).recipientsCommand(report, options, io)),
    );
}
