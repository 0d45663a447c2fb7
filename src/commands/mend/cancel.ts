import type { Run } from "../../core/model/run.ts";
import { plainly } from "../../core/rules/plain-text.ts";
import { type ConfigOption, existingLedger, withApp } from "../context.ts";
import { ledgerLine, runLines } from "../history/json-lines.ts";
import { runWord } from "../history/words.ts";
import { DONE, FAILED, type Io } from "../io.ts";
import { findRun, sweepDead } from "../lookup/find.ts";
import { ledgerConfig } from "../reports.ts";
import { wrongState } from "../run/carry-out.ts";
import { follow, type RunSnapshot, snapshotOf } from "../run/follow.ts";

export interface CancelOptions extends ConfigOption {
  readonly json?: boolean;
}

const REASON = "A person cancelled it.";

/** `lookpost cancel`: ends a run. What has been sent stays sent. */
export async function cancelCommand(id: string, options: CancelOptions, io: Io): Promise<number> {
  return withApp(ledgerConfig(options.config, io), io, async (app) => {
    const { name: place, ledger } = await existingLedger(app, io);
    await sweepDead(ledger);
    const run = await findRun(id, ledger);
    const asked = await ledger.cancelRun(run.id, REASON, new Date());
    if (asked === null) throw endedAlready(await findRun(id, ledger));
    const isOver = (snapshot: RunSnapshot) => snapshot.run.endedAt !== null;
    if (asked.endedAt === null)
      io.err.write("Its worker has been asked to stop it, which takes a few seconds.\n");
    const after =
      asked.endedAt === null
        ? await follow({
            ledger,
            runId: run.id,
            isOver,
            needsService: false,
            triesMax: null,
            talk: io.err,
            io,
          })
        : await snapshotOf(run.id, ledger);
    if (options.json === true) io.out.write(runLines(after.run, after.deliveries) + ledgerLine(place));
    else io.out.write(outcome(plainly(after)));
    return after.run.endedAt !== null && after.run.state !== "delivered" ? DONE : FAILED;
  });
}

function endedAlready(run: Run) {
  return wrongState(
    `Run ${run.id} is ${runWord(run)}: there is nothing to cancel.`,
    `\`lookpost history --run ${run.id}\` shows it in full.`,
  );
}

function outcome({ run, deliveries }: RunSnapshot): string {
  const name = `Run ${run.id} of ${run.report}`;
  if (run.endedAt === null) return `${name} is being cancelled; it has not ended yet.\n`;
  if (run.state === "delivered") return `${name} was delivered before it could be cancelled.\n`;
  const sent = deliveries.filter(({ state, purpose }) => state === "sent" && purpose === "report");
  const whole = sent.map(({ kind, target }) => `${kind} ${target}`).join(", ");
  return `${name} is ${runWord(run)}${whole === "" ? "" : `; sent before that: ${whole}`}.\n`;
}
