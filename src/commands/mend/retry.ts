import type { App } from "../../app/app.ts";
import type { Delivery, Run } from "../../core/model/run.ts";
import { plainly } from "../../core/rules/plain-text.ts";
import { isFailed, runAgainCommand } from "../../core/rules/remedies.ts";
import { type ConfigOption, existingLedger, withApp } from "../context.ts";
import { ledgerLine, runLines } from "../history/json-lines.ts";
import { endedWell, runWord } from "../history/words.ts";
import { DONE, FAILED, type Io } from "../io.ts";
import { findRun, sweepDead } from "../lookup/find.ts";
import { usableConfig } from "../reports.ts";
import { carryOut, wrongState } from "../run/carry-out.ts";

export interface RetryOptions extends ConfigOption {
  readonly failedOnly?: boolean;
  readonly json?: boolean;
}

/**
 * `lookpost retry`: an ended run once more. Asks Looker again and sends what has not been sent; with --failed-only, sends the files as
 * they were made to those who did not get them.
 */
export async function retryCommand(id: string, options: RetryOptions, io: Io): Promise<number> {
  return withApp(usableConfig(options.config, io), io, async (app) => {
    const { name: place, ledger } = await existingLedger(app, io);
    await sweepDead(ledger);
    const run = await findRun(id, ledger);
    const before = await ledger.deliveries(run.id);
    refuse(run, before, options);
    for (const delivery of before) warn(plainly(delivery), io);
    const how = options.failedOnly === true ? "failed_only" : "from_start";
    const after = await carryOut(
      {
        run,
        needs: needsOf(run, before, how, app),
        reopen: async (reservedFor) =>
          (await ledger.reopenRun(run.id, how, reservedFor, new Date())) !== null,
        isOver: (snapshot) => snapshot.run.endedAt !== null,
        nothing: () => nothingLeft(run),
      },
      app,
      io,
    );
    if (options.json === true) io.out.write(runLines(after.run, after.deliveries) + ledgerLine(place));
    return endedWell(after.run) ? DONE : FAILED;
  });
}

/** Those of the deliveries that are sent; what asks Looker again may deliver to all. */
function needsOf(
  run: Run,
  deliveries: readonly Delivery[],
  how: "failed_only" | "from_start",
  { config: { reports } }: App,
): readonly string[] {
  if (how === "failed_only") return deliveries.filter(isFailed).map(({ kind }) => kind);
  const report = reports.find(({ name }) => name === run.report);
  return ["looker", ...(report?.deliver ?? []).map(({ destination }) => destination.kind)];
}

/** Throws where the run's state says that nothing can be retried, with what can be done instead. */
function refuse(run: Run, deliveries: readonly Delivery[], { failedOnly }: RetryOptions): void {
  if (run.endedAt === null)
    throw wrongState(
      `Run ${run.id} is ${runWord(run)}: it has not ended.`,
      `\`lookpost history --run ${run.id}\` shows its state; \`lookpost cancel ${run.id}\` stops it.`,
    );
  if (run.kind === "file")
    throw wrongState(
      `${run.id} says that reports.yaml was broken: there is nothing to retry.`,
      "`lookpost check` lists what is wrong with it now.",
    );
  if (run.kind === "trial")
    throw wrongState(
      `Run ${run.id} was a trial, and a trial cannot be retried.`,
      `Run another one: \`lookpost run ${run.report} --dry-run\`, or with --to.`,
    );
  if (run.state === "delivered")
    throw wrongState(
      `Run ${run.id} is delivered: there is nothing to retry.`,
      `\`${runAgainCommand(run)}\` runs it again.`,
    );
  const own = deliveries.filter(({ purpose }) => purpose === "report");
  if (own.some(isFailed) || (failedOnly !== true && own.length === 0)) return;
  throw wrongState(
    `No delivery of run ${run.id} has failed: there is nothing to send again.`,
    own.length === 0
      ? `\`lookpost retry ${run.id}\` queries Looker again.`
      : `\`lookpost history --run ${run.id}\` shows what can be done.`,
  );
}

/** What a retry leaves alone. */
function warn({ state, purpose, kind, target, id }: Delivery, io: Io): void {
  if (state !== "unknown" || purpose !== "report") return;
  io.err.write(
    `${kind} ${target} may already have it and is left out: check there, then \`lookpost resend ${id}\`.\n`,
  );
}

function nothingLeft(run: Run) {
  return wrongState(
    `There is nothing left to do in run ${run.id}.`,
    `\`lookpost history --run ${run.id}\` shows its state.`,
  );
}
