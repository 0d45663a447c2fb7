import { z } from "zod";
import type { Schema } from "../../core/ports/adapter.ts";
import { addressOf, readDomain } from "../address.ts";
import { mailboxText } from "../mailbox-text.ts";
import type { EmailConnection, SmtpServer } from "./connection.ts";
import { readSize } from "./size-text.ts";

/** Gmail takes 25 MB, counted after base64, which adds 37 %. */
const ATTACH_MAX_DEFAULT = "18MB";
const ATTACH_BYTES_MIN = 10_000;
const ATTACH_BYTES_MAX = 100_000_000;

/** The `email:` block of reports.yaml. */
export const emailConnection: Schema<EmailConnection> = z
  .strictObject({
    smtp: z
      .string()
      .refine((text) => readSmtpUrl(text).ok, { error: (issue) => smtpMistake(String(issue.input)) })
      .meta({
        description:
          "The mail server: smtps://user:password@host:465 (TLS from the start) or smtp://user:password@host:587 (STARTTLS). " +
          "Encode special characters of user and password as %XX.",
        secret: "url",
      }),
    from: mailboxText('Who the reports come from: "Data Team <reports@example.com>".'),
    reply_to: mailboxText("Where answers go.").optional(),
    allowed_domains: z
      .array(
        z.string().refine((text) => readPattern(text) !== null, {
          error: (issue) =>
            `"${issue.input}" is not a domain: write example.com, or *.example.com for those below it.`,
        }),
      )
      .min(1)
      .meta({
        description: "The only domains reports may go to: example.com, or *.example.com for those below it.",
      })
      .optional(),
    attach_max: z
      .string({ error: "Write a size with its unit: 18MB." })
      .refine((text) => attachProblem(text) === null, {
        error: (issue) => attachProblem(String(issue.input)) ?? "",
      })
      .default(ATTACH_MAX_DEFAULT)
      .meta({
        description:
          "Largest sum of attachments and pictures in one message, before encoding, which adds 37 %: 18MB, 25 MB, 500kB. " +
          "Larger files are compressed, taken apart or offered as a link.",
        examples: ["18MB"],
      }),
  })
  .transform((given): EmailConnection => {
    const server = readSmtpUrl(given.smtp);
    // The field's own check has told of a wrong URL already.
    if (!server.ok) return z.NEVER;
    return {
      server: server.server,
      from: addressOf(given.from),
      replyTo: given.reply_to === undefined ? null : addressOf(given.reply_to),
      allowedDomains: given.allowed_domains?.flatMap((text) => readPattern(text) ?? []) ?? null,
      attachmentBytesMax: readSize(given.attach_max) ?? 0,
    };
  })
  .meta({ description: "How reports are sent by email." });

function attachProblem(text: string): string | null {
  const bytes = readSize(text);
  if (bytes === null) return `"${text}" is not a size: write a number and its unit, 18MB or 500kB.`;
  if (bytes < ATTACH_BYTES_MIN) return `"${text}" leaves no room for any file: write 10kB or more.`;
  if (bytes > ATTACH_BYTES_MAX) return `"${text}" is more than any mail server takes: write 100MB or less.`;
  return null;
}

function readPattern(text: string): string | null {
  const below = text.startsWith("*.");
  const reading = readDomain(below ? text.slice(2) : text);
  if (!reading.ok) return null;
  return below ? `*.${reading.domain}` : reading.domain;
}

type UrlReading = { ok: true; server: SmtpServer } | { ok: false; problem: string };

/** Its mistakes are told without the URL, which may hold a password. */
function readSmtpUrl(text: string): UrlReading {
  if (!URL.canParse(text)) return { ok: false, problem: "it is not a URL" };
  const url = new URL(text);
  if (url.protocol !== "smtp:" && url.protocol !== "smtps:") {
    return { ok: false, problem: `it starts with ${url.protocol}//` };
  }
  if (url.hostname === "") return { ok: false, problem: "it names no host" };
  // Other programs read options from the query (even "do not check the certificate"): better none than half of them.
  const rest = `${url.pathname}${url.search}${url.hash}`;
  if (rest !== "" && rest !== "/") return { ok: false, problem: "a mail server's URL ends after the port" };
  if (url.username === "" && url.password !== "")
    return { ok: false, problem: "it has a password and no user" };
  if (url.username !== "" && url.password === "")
    return { ok: false, problem: "it has a user and no password" };
  const login = readLogin(url);
  if (login === undefined)
    return { ok: false, problem: "its user or password holds a % that is not followed by two hex digits" };
  const implicitTls = url.protocol === "smtps:";
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = url.port === "" ? (implicitTls ? 465 : 587) : Number(url.port);
  return { ok: true, server: { host, port, implicitTls, login } };
}

function readLogin(url: URL): SmtpServer["login"] | undefined {
  if (url.username === "") return null;
  try {
    return { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  } catch {
    return undefined;
  }
}

function smtpMistake(text: string): string {
  const reading = readSmtpUrl(text);
  if (reading.ok) return "";
  return `This is not the URL of a mail server: ${reading.problem}. Write smtps://user:password@host:465 or smtp://host:587.`;
}
