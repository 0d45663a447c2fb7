import { connect, type Socket } from "node:net";
import { hostname } from "node:os";
import type { SMTPConnectionOptions } from "nodemailer";
import { ReportError } from "../../core/error.ts";
import { isLoopback } from "../../core/rules/secure-transport.ts";
import { type Address, domainOf, readDomain } from "../address.ts";
import { type EmailOptions, recipients } from "./options.ts";

/** How email leaves the house. */
export interface EmailConnection {
  readonly server: SmtpServer;
  readonly from: Address;
  readonly replyTo: Address | null;
  /** Lower-case ASCII domains, "*.example.com" for what is below one; null: any. */
  readonly allowedDomains: readonly string[] | null;
  /** Largest sum of attachments and pictures in one message, in bytes before base64. */
  readonly attachmentBytesMax: number;
  /** Most recipients in one message. */
  readonly recipientsMax: number;
  /** Most connections of this process at once. */
  readonly connectionsMax: number;
  /** Most messages of this process in any minute; null: as many as the server takes. */
  readonly perMinute: number | null;
  /** What this machine calls itself in EHLO; null: its host name, or the sender's domain. */
  readonly hello: string | null;
  /** The login and messages may cross a network in the clear, where the server offers no TLS. */
  readonly insecure?: boolean;
}

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps). Otherwise STARTTLS, where the server offers it. */
  readonly implicitTls: boolean;
  readonly login: { readonly user: string; readonly password: string } | null;
}

/** The recipients that `allowed_domains` keeps out, in order. */
export function disallowedAddresses(
  options: EmailOptions,
  connection: Pick<EmailConnection, "allowedDomains">,
): readonly string[] {
  const { allowedDomains } = connection;
  if (allowedDomains === null) return [];
  return recipients(options)
    .filter(
      (address) => isRouted(address) || !allowedDomains.some((pattern) => admits(pattern, domainOf(address))),
    )
    .map((address) => address.address);
}

/** The server in messages and logs, without its login: "smtps://mail.example.com:465". */
export function serverName(server: SmtpServer): string {
  const host = server.host.includes(":") ? `[${server.host}]` : server.host;
  return `${server.implicitTls ? "smtps" : "smtp"}://${host}:${server.port}`;
}

/** `eve%evil.example@example.com`, `evil.example!eve@example.com`: some servers still pass these on to where they say (RFC 1123, 5.2.16). */
function isRouted({ address }: Address): boolean {
  return /[%!]/.test(address);
}

function admits(pattern: string, domain: string): boolean {
  return pattern.startsWith("*.") ? domain.endsWith(pattern.slice(1)) : domain === pattern;
}

export type UrlReading = { ok: true; server: SmtpServer } | { ok: false; problem: string };

/** Its password may be a token of a few thousand. URL itself takes long for what is longer by much. */
const URL_CHARS_MAX = 50_000;

/** Reads the URL of a mail server. Its mistakes are told without the URL, which may hold a password. */
export function readSmtpUrl(text: string): UrlReading {
  if (text.length > URL_CHARS_MAX) return { ok: false, problem: "it is far too long" };
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

/** A server whose URL is known to be one: a stand-in on this machine. */
export function localServer(url: string): SmtpServer {
  const reading = readSmtpUrl(url);
  if (!reading.ok)
    throw new ReportError(`${url} is not a mail server: ${reading.problem}.`, { code: "config" });
  return reading.server;
}

function readLogin(url: URL): SmtpServer["login"] | undefined {
  if (url.username === "") return null;
  try {
    return { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  } catch {
    return undefined;
  }
}

/** How long each step of a conversation may take, in milliseconds. */
export interface Patience {
  readonly connectMs: number;
  /** For the greeting, and for turning to TLS. */
  readonly greetingMs: number;
  /** For each answer. */
  readonly answerMs: number;
}

/**
 * RFC 5321, 4.5.3.2: 5 min for the greeting, MAIL and RCPT, and 10 min after the final dot, which a server needs that looks for
 * viruses first. There is one limit for all answers: that of the whole attempt ends a conversation that is slow at every step.
 */
export const PATIENCE: Patience = { connectMs: 15_000, greetingMs: 5 * 60_000, answerMs: 10 * 60_000 };

/** RFC 5321, 4.1.1.1, wants a full name, and some servers insist: one that only this network knows is none. */
export function helloName(
  { hello, from }: Pick<EmailConnection, "hello" | "from">,
  host = hostname(),
): string {
  if (hello !== null) return hello;
  const reading = readDomain(host);
  const isFull = reading.ok && !/(?:^|\.)(?:localhost|localdomain|local|internal|lan)$/.test(reading.domain);
  return isFull ? reading.domain : domainOf(from);
}

/** How nodemailer is to speak to the server, over a connection that it is given. */
export function smtpOptions(
  connection: EmailConnection,
  { connectMs, greetingMs, answerMs }: Patience = PATIENCE,
): SMTPConnectionOptions {
  const { server } = connection;
  const local = isLoopback(server.host);
  return {
    host: server.host,
    port: server.port,
    name: helloName(connection),
    secure: server.implicitTls,
    // A password never crosses a network in the clear, even where the line's other end would have it so.
    requireTLS: server.login !== null && !server.implicitTls && !local && connection.insecure !== true,
    // A local relay's certificate is commonly self-signed, and names a host other than localhost.
    ...(local ? { tls: { rejectUnauthorized: false } } : {}),
    // nodemailer counts the greeting and TLS into it.
    connectionTimeout: connectMs + greetingMs,
    greetingTimeout: greetingMs,
    socketTimeout: answerMs,
    // Closes the socket at once: a graceful end lasts up to 5 s, and first flushes what is buffered, in which the final
    // dot of a message given up as incomplete may be.
    socketCloseTimeout: 0,
  };
}

/** Connects: a machine that is not there must not be waited for as long as one that is slow to greet. Rejects with the signal's reason. */
export function dial({ host, port }: SmtpServer, connectMs: number, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const finish = (error: unknown) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      socket.removeListener("error", finish);
      if (error === null) return resolve(socket);
      socket.on("error", () => undefined).destroy();
      reject(error);
    };
    const onAbort = () => finish(signal.reason);
    const late = Object.assign(new Error("Connection timeout"), { code: "ETIMEDOUT" });
    const timer = setTimeout(() => finish(late), connectMs);
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("error", finish).once("connect", () => finish(null));
  });
}

/** What a person should know of how the server is reached. */
export function transportNotes({ server, insecure = false }: EmailConnection): readonly string[] {
  const { host, implicitTls, login } = server;
  if (implicitTls || isLoopback(host)) return [];
  const place = serverName(server);
  if (login === null)
    return [
      `email.smtp: messages to ${place} are encrypted only where it offers STARTTLS. smtps:// encrypts them always.`,
    ];
  return insecure
    ? [`email.insecure: the password for ${place}, and all messages, may cross the network in the clear.`]
    : [];
}
