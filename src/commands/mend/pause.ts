import { tickAfter } from "../../app/app.ts";
import { ReportError } from "../../core/error.ts";
import type { Plan } from "../../core/model/plan.ts";
import type { Ledger } from "../../core/ports/ledger.ts";
import { showLocal, showUtc } from "../../core/rules/due.ts";
import { plainLine } from "../../core/rules/plain-text.ts";
import { type ConfigOption, existingLedger, withApp } from "../context.ts";
import { asJsonLines } from "../history/json-lines.ts";
import { pauseWords, serviceOf, silenceWords } from "../history/system-status.ts";
import { clauses } from "../history/words.ts";
import { DONE, type Io } from "../io.ts";
import { findSchedule } from "../lookup/find.ts";
import { usableConfig } from "../reports.ts";

export interface PauseOptions extends ConfigOption {
  readonly reason?: string;
  readonly json?: boolean;
}

export type ResumeOptions = Omit<PauseOptions, "reason">;

/** `lookpost pause`: the report's ticks are skipped until it is resumed. */
export async function pauseCommand(name: string, options: PauseOptions, io: Io): Promise<number> {
  const config = usableConfig(options.config, io);
  const { schedule } = findSchedule(name, config);
  return withApp(config, io, async (app) => {
    const { name: place, ledger } = await existingLedger(app, io);
    const now = new Date();
    const isNew = await ledger.pause(name, options.reason ?? null, now);
    const plan = await planOf(name, ledger);
    const pausedAt = plan?.pausedAt ?? now;
    const reason = plan?.pauseReason ?? null;
    if (options.json === true)
      io.out.write(
        asJsonLines([{ type: "pause", report: name, pausedAt, reason, changed: isNew, ledger: place }]),
      );
    else if (isNew || plan === null) io.out.write(pausedWords(name, reason));
    else io.out.write(`It was already paused: ${pauseWords(plan, now, schedule.timezone)}\n`);
    return DONE;
  });
}

function pausedWords(name: string, reason: string | null): string {
  const why = clauses(reason).map((words) => ` (${plainLine(words)})`);
  return `${name} is paused${why}: its ticks are skipped until \`lookpost resume ${name}\`. Runs under way continue.\n`;
}

/** `lookpost resume`: ends a pause; the ticks in between are not caught up. */
export async function resumeCommand(name: string, options: ResumeOptions, io: Io): Promise<number> {
  const config = usableConfig(options.config, io);
  const { schedule } = findSchedule(name, config);
  return withApp(config, io, async (app) => {
    const { name: place, ledger } = await existingLedger(app, io);
    const now = new Date();
    const nextAt = tickAfter(schedule, now);
    if (nextAt === null)
      throw new ReportError(`The schedule of ${name}, "${schedule.cron}", has no ticks.`, {
        code: "config",
        advice: "Correct its `schedule:`; `lookpost next` shows the ticks to come.",
      });
    const isNew = await ledger.resume(name, nextAt, now);
    const next = `${showLocal(nextAt, schedule.timezone)} (${showUtc(nextAt)})`;
    if (options.json === true)
      io.out.write(asJsonLines([{ type: "resume", report: name, nextAt, changed: isNew, ledger: place }]));
    else io.out.write(`${name} ${isNew ? "is resumed" : "is not paused"}: its next tick is ${next}.\n`);
    const service = await serviceOf(ledger, now);
    if (!service.isAlive)
      io.err.write(`${silenceWords(service.silentMs)} Ticks need a running service: \`lookpost start\`.\n`);
    return DONE;
  });
}

async function planOf(name: string, ledger: Ledger): Promise<Plan | null> {
  return (await ledger.plans()).find(({ report }) => report === name) ?? null;
}
