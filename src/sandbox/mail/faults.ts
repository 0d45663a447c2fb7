import { type StandingFaults, standingFaults } from "../standing-faults.ts";

/**
 * Where in an SMTP conversation a fault strikes: before the greeting, at AUTH, MAIL FROM, RCPT TO, DATA
 * (before the 354), within the body, or after the final dot of the body.
 */
export type MailStage = "connect" | "auth" | "mail" | "rcpt" | "data" | "body" | "end";

type Limits = { times?: number; recipient?: string };

/**
 * One thing that goes wrong. `refuse` is an SMTP reply code (RFC 5321, 4.2): 4xx asks the client to come
 * again, 5xx is final, 421 also closes the connection. `drop` cuts the connection without a reply: at "body"
 * the message is lost, at "end" it has been kept. `hang` never answers (at "end" the message has been kept).
 * `delayMs` holds the reply back. A fault strikes `times` times (default: always) and, with `recipient`, only
 * where that address is the one being named, or is among those already accepted.
 */
export type MailFault =
  | (Limits & { at: "body"; drop: true })
  | (Limits & { at: Exclude<MailStage, "body"> } & (
        | { refuse: number; message?: string }
        | { drop: true }
        | { hang: true }
        | { delayMs: number }
      ));

/** What happens at one stage of one conversation, once all faults have been looked at. */
export type MailTrouble = {
  delayMs: number;
  refuse?: { code: number; message: string };
  drop: boolean;
  hang: boolean;
};

export type MailFaults = Omit<StandingFaults<MailFault>, "strike"> & {
  /** What strikes at this stage. `recipients`: the address that is being named, or those already accepted. */
  take(at: MailStage, recipients?: readonly string[]): MailTrouble;
};

export function mailFaults(initial: readonly MailFault[] = []): MailFaults {
  const standing = standingFaults(initial);
  return {
    ...standing,
    take(at, recipients = []) {
      const { delayMs, fault } = standing.strike((each) => fits(each, at, recipients));
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
