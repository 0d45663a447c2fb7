import type { MailReader } from "../../core/model/digest.ts";
import type { Message } from "../../core/model/message.ts";
import type { DeliveryTerms } from "../../core/ports/destination.ts";
import { phrasesIn } from "../../core/words/phrases.ts";
import { readAddress } from "../address.ts";
import type { EmailConnection } from "./connection.ts";
import type { EmailOptions } from "./options.ts";

/** How a recipient ends that a report is sent to them. */
export interface Leaving {
  /** A person reads it: the report's owner where that is an address, else who answers go to. */
  readonly mailto: string;
  /** For one recipient alone; null: this worker has no addresses. */
  readonly url: string | null;
  /** Who is asked about the figures. */
  readonly askAddress: string;
}

/** So that a header's line has no more than 998 octets (RFC 5322, 2.1.1), however its characters are written. */
const NAME_CHARS_MAX = 50;

/** Notices are for a report's operators, who decide in reports.yaml what they get. */
export function isLeft({ purpose }: Message, { mandatory }: EmailOptions): boolean {
  return purpose === "report" && mandatory !== true;
}

export interface LeavingOf {
  readonly message: Message;
  readonly options: EmailOptions;
  readonly connection: EmailConnection;
}

/** Null: it cannot be ended. Rejects where the ledger cannot keep the link. */
export async function leavingOf(
  { message, options, connection }: LeavingOf,
  part: readonly string[],
  { unsubscribe }: Pick<DeliveryTerms, "unsubscribe">,
): Promise<Leaving | null> {
  if (!isLeft(message, options)) return null;
  const { owner, report, locale } = message.run;
  const reading = owner === null ? null : readAddress(owner);
  const byOwner = reading?.ok === true ? reading.address : null;
  const [replyTo] = options.replyTo;
  const { address } = byOwner ?? replyTo ?? connection.replyTo ?? connection.from;
  const [recipient, ...others] = part;
  const name = [...report].slice(0, NAME_CHARS_MAX).join("");
  const subject = phrasesIn(locale).frame.unsubscribeSubject(name);
  const isAlone = recipient !== undefined && others.length === 0;
  return {
    mailto: `mailto:${encodeURI(address)}?subject=${encodeURIComponent(subject)}`,
    url: isAlone ? ((await unsubscribe?.(recipient)) ?? null) : null,
    askAddress: address,
  };
}

/** RFC 2369, 3.2; and RFC 8058, 3.1, by which mail programs show a button of their own. The link is one line: it must not be folded. */
export function listHeaders({ mailto, url }: Leaving): Record<string, { prepared: true; value: string }> {
  const all = url === null ? `<${mailto}>` : `<${url}>, <${mailto}>`;
  const header = (value: string) => ({ prepared: true as const, value });
  if (url === null) return { "List-Unsubscribe": header(all) };
  return {
    "List-Unsubscribe": header(all),
    "List-Unsubscribe-Post": header("List-Unsubscribe=One-Click"),
  };
}

/** What the foot of the body says to those whom one copy is for. Several share one only where they are named to each other. */
export function readerOf(
  leaving: Leaving | null,
  part: readonly string[],
  options: Pick<EmailOptions, "to" | "cc">,
): MailReader {
  const [only, ...others] = part;
  const named = [...options.to, ...options.cc].map(({ address }) => address);
  const isNamed = only !== undefined && named.includes(only);
  const isAlone = others.length === 0 && (leaving?.url != null || (isNamed && named.length === 1));
  return {
    recipient: isAlone ? (only ?? null) : null,
    stopHref: leaving === null ? null : (leaving.url ?? leaving.mailto),
    askAddress: leaving?.askAddress ?? null,
  };
}
