import { z } from "zod";
import { type FaultList, faultList, limits } from "../fault-list.ts";

/** Where in a conversation, apart from its message's body. */
const stage = z.enum(["connect", "auth", "mail", "rcpt", "data", "end"]);

/**
 * Where in an SMTP conversation a fault strikes: before the greeting, at AUTH, MAIL FROM, RCPT TO, DATA
 * (before the 354), within the body, or after the final dot of the body.
 */
export type MailStage = z.infer<typeof stage> | "body";

const aim = {
  ...limits,
  /** Only where this address is the one being named, or is among those already accepted. */
  recipient: z.string().min(1).optional(),
};

/**
 * One thing that goes wrong. `refuse` is an SMTP reply code (RFC 5321, 4.2): 4xx asks the client to try
 * again, 5xx is final, 421 also closes the connection. `drop` cuts the connection without a reply: at "body"
 * the message is lost, at "end" it has been kept. `hang` never answers (at "end" the message has been kept).
 * `delayMs` holds the reply back.
 */
const mailFault = z.union([
  z.strictObject({
    at: stage,
    refuse: z.int().min(400).max(599),
    message: z.string().optional(),
    ...aim,
  }),
  z.strictObject({ at: z.union([stage, z.literal("body")]), drop: z.literal(true), ...aim }),
  z.strictObject({ at: stage, hang: z.literal(true), ...aim }),
  z.strictObject({ at: stage, delayMs: z.int().min(0).max(3_600_000), ...aim }),
]);

export type MailFault = z.infer<typeof mailFault>;

/** What happens at one stage of one conversation, once all faults have been looked at. */
export type MailTrouble = {
  delayMs: number;
  refuse?: { code: number; message: string };
  drop: boolean;
  hang: boolean;
};

export type MailFaults = Omit<FaultList<MailFault>, "strike"> & {
  /** What strikes at this stage. `recipients`: the address that is being named, or those already accepted. */
  take(at: MailStage, recipients?: readonly string[]): MailTrouble;
};

export function mailFaults(initial: readonly MailFault[] = []): MailFaults {
  const active = faultList(mailFault, initial);
  return {
    ...active,
    take(at, recipients = []) {
      const { delayMs, fault } = active.strike((each) => fits(each, at, recipients));
      return { delayMs, drop: false, hang: false, ...(fault !== undefined && troubleOf(fault)) };
    },
  };
}

function fits(fault: MailFault, at: MailStage, recipients: readonly string[]): boolean {
  if (fault.at !== at) return false;
  const wanted = fault.recipient?.toLowerCase();
  return wanted === undefined || recipients.some((address) => address.toLowerCase() === wanted);
}

function troubleOf(fault: MailFault): Partial<MailTrouble> {
  if (!("refuse" in fault)) return { drop: "drop" in fault, hang: "hang" in fault };
  return { refuse: { code: fault.refuse, message: fault.message ?? usualText(fault.refuse) } };
}

function usualText(code: number): string {
  return usualTexts[code] ?? (code < 500 ? "Try again later" : "Refused");
}

const usualTexts: Record<number, string> = {
  421: "Service not available, closing transmission channel",
  450: "Mailbox busy, try again later",
  451: "Greylisted, try again later",
  452: "Insufficient system storage",
  535: "Authentication credentials invalid",
  550: "No such mailbox",
  552: "Message exceeds the maximum size",
  554: "Transaction failed",
};
