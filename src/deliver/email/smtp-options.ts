import type { SMTPTransportOptions } from "nodemailer";
import { isLoopback } from "../../core/rules/secure-transport.ts";
import type { EmailConnection } from "./connection.ts";

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
    // dot of a message given up as incomplete may stand.
    socketCloseTimeout: 0,
  };
}
