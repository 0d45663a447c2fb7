import type { SMTPTransportOptions } from "nodemailer";
import { ReportError } from "../../core/error.ts";
import { isLoopback } from "../../core/rules/secure-transport.ts";
import { type Address, domainOf } from "../address.ts";
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
    .filter((address) => !allowedDomains.some((pattern) => admits(pattern, domainOf(address))))
    .map((address) => address.address);
}

/** The server in messages and logs, without its login: "smtps://mail.example.com:465". */
export function serverName(server: SmtpServer): string {
  const host = server.host.includes(":") ? `[${server.host}]` : server.host;
  return `${server.implicitTls ? "smtps" : "smtp"}://${host}:${server.port}`;
}

function admits(pattern: string, domain: string): boolean {
  return pattern.startsWith("*.") ? domain.endsWith(pattern.slice(1)) : domain === pattern;
}

export type UrlReading = { ok: true; server: SmtpServer } | { ok: false; problem: string };

/** Reads the URL of a mail server. Its mistakes are told without the URL, which may hold a password. */
export function readSmtpUrl(text: string): UrlReading {
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

/** How nodemailer is to speak to the server. Its own time limits go up to ten minutes. */
export function smtpOptions({ server }: EmailConnection): SMTPTransportOptions {
  const local = isLoopback(server.host);
  return {
    host: server.host,
    port: server.port,
    secure: server.implicitTls,
    // A password never crosses a network in the clear, even where the line's other end would have it so.
    requireTLS: server.login !== null && !server.implicitTls && !local,
    // A local relay's certificate is commonly self-signed, and names a host other than localhost.
    ...(local ? { tls: { rejectUnauthorized: false } } : {}),
    ...(server.login === null ? {} : { auth: { user: server.login.user, pass: server.login.password } }),
    dnsTimeout: 10_000,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 60_000,
    // Closes the socket at once: a graceful end lasts up to 5 s, and first flushes what is buffered, in which the final
    // dot of a message given up as incomplete may be.
    socketCloseTimeout: 0,
  };
}
