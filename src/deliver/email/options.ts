import { createHash } from "node:crypto";
import type { Address } from "../address.ts";

/** Who gets a report by email. No address is in it twice, not even across to, cc and bcc. */
export interface EmailOptions {
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly replyTo: readonly Address[];
  /** In place of the message's own subject; null: the message's. */
  readonly subject: string | null;
  /** In place of the message's own intro; null: the message's. */
  readonly message: string | null;
  /** Whether all runs of the report fall into one conversation in the recipients' mailboxes. */
  readonly thread: boolean;
  /** Recipients cannot end that it is sent to them by a link. Absent: they can. */
  readonly mandatory?: true;
}

/** Everybody the message goes to, in the order to, cc, bcc. */
export function recipients(options: EmailOptions): readonly Address[] {
  return [...options.to, ...options.cc, ...options.bcc];
}

/** The options with none but these recipients; null: all. */
export function onlyThese(options: EmailOptions, only: readonly string[] | null): EmailOptions {
  if (only === null) return options;
  const wanted = new Set(only.map((address) => address.toLowerCase()));
  const kept = (all: readonly Address[]) => all.filter(({ address }) => wanted.has(address.toLowerCase()));
  return { ...options, to: kept(options.to), cc: kept(options.cc), bcc: kept(options.bcc) };
}

/**
 * "ops@example.com, ana@example.com", or "ops@example.com, ana@example.com and 3 more (1f3a9c)". It names the delivery in
 * the ledger, so where it leaves addresses out a hash over all of them keeps two lists apart.
 */
export function describeRecipients(options: EmailOptions): string {
  const all = recipients(options).map((address) => address.address);
  const namedMax = 4;
  if (all.length <= namedMax) return all.join(", ");
  const hash = createHash("sha256").update(all.join("\n").toLowerCase()).digest("hex").slice(0, 6);
  return `${all.slice(0, 2).join(", ")} and ${all.length - 2} more (${hash})`;
}
