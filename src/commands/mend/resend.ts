import type { Delivery } from "../../core/model/run.ts";
import { type ConfigOption, existingLedger, withApp } from "../context.ts";
import { asJsonLines, deliveryLine, ledgerLine } from "../history/json-lines.ts";
import { DONE, FAILED, type Io } from "../io.ts";
import { findDelivery, findRun, sweepDead } from "../lookup/find.ts";
import { usableConfig } from "../reports.ts";
import { carryOut, wrongState } from "../run/carry-out.ts";

export interface ResendOptions extends ConfigOption {
  readonly json?: boolean;
}

/** `lookpost resend`: one settled delivery once more, whatever became of it. */
export async function resendCommand(id: string, options: ResendOptions, io: Io): Promise<number> {
  return withApp(usableConfig(options.config, io), io, async (app) => {
    const { name: place, ledger } = await existingLedger(app, io);
    await sweepDead(ledger);
    const delivery = await findDelivery(id, ledger);
    const run = await findRun(delivery.runId, ledger);
    if (run.kind === "trial")
      throw wrongState(
        `Delivery ${id} belongs to a trial, and a trial cannot be sent again.`,
        `Run another trial: \`lookpost run ${run.report} --to ADDRESS\`.`,
      );
    if (delivery.settledAt === null) throw underWay(delivery);
    const isMine = (one: Delivery) => one.id === id;
    const after = await carryOut(
      {
        run,
        needs: [delivery.kind],
        reopen: async (reservedFor) => (await ledger.resendDelivery(id, reservedFor, new Date())) !== null,
        isOver: ({ deliveries }) => deliveries.some((one) => isMine(one) && one.settledAt !== null),
        nothing: () => underWay(delivery),
      },
      app,
      io,
    );
    const sent = after.deliveries.find(isMine) ?? delivery;
    if (options.json === true) io.out.write(asJsonLines([deliveryLine(after.run, sent)]) + ledgerLine(place));
    return sent.state === "sent" || sent.state === "unsubscribed" ? DONE : FAILED;
  });
}

function underWay({ id, runId }: Delivery) {
  return wrongState(
    `Delivery ${id} is still under way.`,
    `\`lookpost history --run ${runId}\` shows its state.`,
  );
}
