import type { AppConfig } from "../../app/app.ts";
import { usesOf } from "../../app/check.ts";
import { destinationOf } from "../../app/destinations.ts";
import { ReportError } from "../../core/error.ts";
import { type ReportRecipient, sameRecipient, type Unsubscription } from "../../core/model/unsubscription.ts";
import type { UnsubscriptionReads } from "../../core/ports/unsubscriptions.ts";
import { didYouMean } from "../../core/rules/nearest.ts";
import { type ConfigOption, existingLedger, withApp } from "../context.ts";
import { asJsonLines, ledgerLine } from "../history/json-lines.ts";
import { exactTime } from "../history/words.ts";
import { DONE, type Io } from "../io.ts";
import { columns } from "../layout.ts";
import { findSchedule } from "../lookup/find.ts";
import { usableConfig } from "../reports.ts";

export interface RecipientsOptions extends ConfigOption {
  /** Who is to get it again. */
  readonly lift?: readonly string[];
  /** Who has asked, by a mail to the owner, not to get it any more. */
  readonly unsubscribe?: readonly string[];
  readonly json?: boolean;
}

/**
 * `lookpost recipients`: who has unsubscribed from which report; with --unsubscribe and --lift, changes that. `name` undefined: of all
 * reports.
 */
export async function recipientsCommand(
  name: string | undefined,
  options: RecipientsOptions,
  io: Io,
): Promise<number> {
  const config = usableConfig(options.config, io);
  const { lift = [], unsubscribe = [] } = options;
  if (lift.length > 0 && unsubscribe.length > 0)
    throw new ReportError("--lift and --unsubscribe ask for opposite things.", {
      code: "config",
      advice: "Call it once with each.",
    });
  return withApp(config, io, async (app) => {
    if (lift.length === 0 && unsubscribe.length === 0) {
      const { name: place, ledger } = await app.reader();
      // A report that is not in the file any more may still be in the ledger.
      const found = await ledger.unsubscribed(name ?? null);
      if (name !== undefined && found.length === 0) findSchedule(name, config);
      if (options.json === true) {
        io.out.write(asJsonLines(found.map((one) => ({ type: "unsubscribed", ...one }))) + ledgerLine(place));
        return DONE;
      }
      io.err.write(`Read from the ledger ${place}\n`);
      list(found, name, io);
      return DONE;
    }
    const { name: place, ledger } = await existingLedger(app, io);
    const now = new Date();
    const changes =
      lift.length > 0
        ? await lifted(lift, name, ledger)
        : joined(unsubscribe, name, config).map((who) => ({ who }));
    for (const { who } of changes) {
      const changed =
        lift.length > 0 ? await ledger.resubscribe(who) : await ledger.unsubscribe(who, "command", now);
      tell(who, { isLift: lift.length > 0, changed, ledger: place }, options, io);
    }
    return DONE;
  });
}

function list(found: readonly Unsubscription[], name: string | undefined, io: Io): void {
  if (found.length === 0) {
    io.out.write(`No recipient has unsubscribed${name === undefined ? "" : ` from ${name}`}.\n`);
    return;
  }
  const rows = found.map(({ report, kind, recipient, at, how }) => [
    report,
    `${kind} ${recipient}`,
    `since ${exactTime(at, undefined).slice(0, "2026-11-16 08:00".length)}`,
    how === "link" ? "by the link in a message" : "by a command",
  ]);
  io.out.write(columns(rows));
  io.err.write("`lookpost recipients REPORT --lift ADDRESS` has it sent to them again.\n");
}

/** All reports' where none is named. Throws ReportError `config` for a recipient who has not unsubscribed. */
async function lifted(recipients: readonly string[], name: string | undefined, ledger: UnsubscriptionReads) {
  const known = await ledger.unsubscribed(name ?? null);
  return recipients.flatMap((recipient) => {
    const own = known.filter((one) => one.recipient === sameRecipient(recipient));
    if (own.length > 0) return own.map((who) => ({ who }));
    const from = name === undefined ? "any report" : name;
    const near = didYouMean(
      recipient,
      known.map((one) => one.recipient),
    );
    throw new ReportError(`${recipient} has not unsubscribed from ${from}.${near}`, {
      code: "config",
      advice: "`lookpost recipients` lists who has.",
    });
  });
}

/** Throws ReportError `config` for one who is not a recipient: a slip of the keyboard would go unnoticed. */
function joined(
  recipients: readonly string[],
  name: string | undefined,
  config: AppConfig,
): ReportRecipient[] {
  if (name === undefined)
    throw new ReportError("--unsubscribe needs to know from which report.", {
      code: "config",
      advice: "Write `lookpost recipients REPORT --unsubscribe ADDRESS`.",
    });
  findSchedule(name, config);
  const report = config.reports.find((one) => one.name === name);
  const uses = report === undefined ? [] : usesOf({ ...report, onFailure: [] });
  const all = uses.flatMap(({ kind, options }) =>
    destinationOf(kind)
      .recipients(options)
      .map((recipient) => ({ report: name, kind, recipient })),
  );
  return recipients.flatMap((recipient) => {
    const own = all.filter((one) => sameRecipient(one.recipient) === sameRecipient(recipient));
    if (own.length > 0) return own;
    const near = didYouMean(
      recipient,
      all.map((one) => one.recipient),
    );
    throw new ReportError(`${recipient} is not a recipient of ${name}.${near}`, {
      code: "config",
      advice: `Its recipients: ${all.map((one) => one.recipient).join(", ")}.`,
    });
  });
}

interface Change {
  readonly isLift: boolean;
  /** False: it was so already. */
  readonly changed: boolean;
  /** Where it is. */
  readonly ledger: string;
}

function tell(
  who: ReportRecipient,
  { isLift, changed, ledger }: Change,
  { json }: RecipientsOptions,
  io: Io,
): void {
  const { report, kind, recipient } = who;
  if (json === true) {
    const type = isLift ? "subscribed" : "unsubscribed";
    io.out.write(asJsonLines([{ type, report, kind, recipient, changed, ledger }]));
    return;
  }
  const words = isLift ? "is sent to" : "is not sent any more to";
  io.out.write(`${report} ${words} ${kind} ${recipient}${changed ? "" : ", as before"}.\n`);
}
