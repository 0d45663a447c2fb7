import { domainToASCII } from "node:url";
import { ReportError } from "../core/error.ts";
import { excerptOf } from "../core/rules/redact.ts";

/** One mailbox. `address` is ASCII: an international domain is in its xn-- form. */
export interface Address {
  /** Display name, "" where none is given. */
  readonly name: string;
  readonly address: string;
}

/** A name and an address: an address alone has at most 254 characters. */
const TEXT_CHARS_MAX = 10_000;
const SHOWN_CHARS_MAX = 100;

export type AddressReading =
  | { readonly ok: true; readonly address: Address }
  /** Why it is none, as the end of a sentence: "it has no @". */
  | { readonly ok: false; readonly problem: string };

/**
 * Reads one mailbox: `ana@example.com`, `Ana <ana@example.com>` or `"Doe, Ana" <ana@example.com>`. Stricter than
 * RFC 5322 on purpose: groups, comments, several addresses in one text and line breaks are where mail parsers disagree,
 * and a disagreement mails somebody else.
 */
export function readAddress(text: string): AddressReading {
  // What surrounds it came along with it, from a file or a variable; inside, it would be another header line.
  const trimmed = text.trim();
  if (trimmed.length > TEXT_CHARS_MAX) return none(`it is longer than ${TEXT_CHARS_MAX} characters`);
  if (/[\p{Cc}\u2028\u2029]/u.test(trimmed))
    return none("it holds a line break or another control character");
  if (trimmed === "") return none("it is empty");
  const named = /^(?:"(?<quoted>(?:[^"\\]|\\.)*)"\s*|(?<bare>[^"<]*))<(?<mailbox>[^<>]*)>$/u.exec(
    trimmed,
  )?.groups;
  if (named === undefined) return readMailbox("", trimmed);
  if (named.quoted !== undefined) {
    return readMailbox(named.quoted.replace(/\\(.)/gu, "$1").trim(), named.mailbox?.trim() ?? "");
  }
  const name = named.bare?.trim() ?? "";
  const problem = severalOrGroup(name) ?? unquoted(name);
  if (problem !== null) return none(problem);
  return readMailbox(name, named.mailbox?.trim() ?? "");
}

/** The mailbox in a text that is known to be one. Throws ReportError `config` otherwise. */
export function addressOf(text: string): Address {
  const reading = readAddress(text);
  if (!reading.ok) throw new ReportError(addressMistake(text, reading.problem), { code: "config" });
  return reading.address;
}

/** One sentence that says which address is wrong and why; "" where it is right. */
export function addressMistake(text: string, problem = problemOf(text)): string {
  const shown = text.length > TEXT_CHARS_MAX ? excerptOf(text, SHOWN_CHARS_MAX) : text;
  return problem === "" ? "" : `${JSON.stringify(shown)} is not an email address: ${problem}.`;
}

/** What follows the @: lower-case ASCII. */
export function domainOf(address: Address): string {
  return address.address.slice(address.address.lastIndexOf("@") + 1);
}

/** ASCII, lower-case form of a host name, or why it is none. */
export function readDomain(text: string): { ok: true; domain: string } | { ok: false; problem: string } {
  const ascii = /^[\x20-\x7e]*$/.test(text) ? text.toLowerCase() : domainToASCII(text);
  const labels = ascii.split(".");
  const problem = domainProblem(text, ascii, labels);
  return problem === null ? { ok: true, domain: ascii } : { ok: false, problem };
}

function readMailbox(name: string, mailbox: string): AddressReading {
  const several = severalOrGroup(mailbox);
  if (several !== null) return none(several);
  if (/[<>]/.test(mailbox)) return none('its angle brackets do not match: write "Name <user@example.com>"');
  if (/\s/u.test(mailbox)) return none("it holds a space");
  const parts = mailbox.split("@");
  if (parts.length < 2) return none("it has no @");
  if (parts.length > 2) return none("it has more than one @");
  const [local = "", host = ""] = parts;
  const problem = localProblem(local);
  if (problem !== null) return none(problem);
  const domain = readDomain(host);
  if (!domain.ok) return none(domain.problem);
  const address = `${local}@${domain.domain}`;
  // RFC 5321, 4.5.3.1.3: a path is at most 256 octets, the angle brackets among them.
  return address.length > 254
    ? none("it is longer than 254 characters")
    : { ok: true, address: { name, address } };
}

function localProblem(local: string): string | null {
  if (local === "") return "nothing comes before the @";
  if (local.length > 64) return "it has more than 64 characters before the @";
  if (/[^\x20-\x7e]/u.test(local)) {
    return `"${local}" is not ASCII: only some mail servers (those with SMTPUTF8) take such an address`;
  }
  const odd = /[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]/.exec(local)?.[0];
  if (odd !== undefined) return `${odd} cannot be used before the @`;
  if (/^\.|\.\.|\.$/.test(local))
    return "the part before the @ begins or ends with a dot, or has two in a row";
  return null;
}

function domainProblem(text: string, ascii: string, labels: readonly string[]): string | null {
  if (text === "") return "no domain follows the @";
  if (ascii === "") return `"${text}" is not a domain name`;
  if (ascii.length > 253) return "its domain is longer than 253 characters";
  const bad = labels.some((label) => !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  if (bad) return `"${text}" is not a domain name`;
  if (/^\d+$/.test(labels.at(-1) ?? ""))
    return `"${text}" is not a domain name: an IP address cannot be used here`;
  // RFC 5321, 2.3.5: domains are fully qualified. In practice a missing dot is a typing mistake.
  if (labels.length === 1 && ascii !== "localhost") return `its domain "${text}" has no dot`;
  return null;
}

function severalOrGroup(text: string): string | null {
  if (text.includes(":")) return "it is written as a group: write its addresses as a list";
  if (!/[,;]/.test(text)) return null;
  return "it holds more than one address: write them as a list, and put a name with a comma in double quotes";
}

/** RFC 5322, 3.2.3: these characters mean something unless the name is quoted. */
function unquoted(name: string): string | null {
  const special = /[()<>[\]@\\]/u.exec(name)?.[0];
  return special === undefined ? null : `a name with ${special} in it needs double quotes`;
}

function problemOf(text: string): string {
  const reading = readAddress(text);
  return reading.ok ? "" : reading.problem;
}

function none(problem: string): AddressReading {
  return { ok: false, problem };
}
