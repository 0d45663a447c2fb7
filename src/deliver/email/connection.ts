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
