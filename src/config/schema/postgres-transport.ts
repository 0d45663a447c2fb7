import { isLoopback } from "../../core/rules/secure-transport.ts";

/**
 * How a connection to Postgres is protected: "local": it does not leave the machine (a socket, loopback); "verified": TLS, with the
 * server's certificate and name checked; "name_unchecked": TLS, with the certificate checked against `sslrootcert` alone; "unverified": TLS
 * with any server that answers; "clear": none.
 */
export type PostgresTransport = "local" | "verified" | "name_unchecked" | "unverified" | "clear";

/**
 * As pg reads the URL and the environment (pg-connection-string 2.x, pg/lib/connection-parameters.js): it takes `sslmode=prefer`, `require` and
 * `verify-ca` for `verify-full` unless `uselibpqcompat=true`, and never goes on without TLS where it asked for it.
 */
export function postgresTransport(
  { hostname, searchParams }: URL,
  env: Readonly<Record<string, string | undefined>>,
): PostgresTransport {
  // Of a parameter that is there twice, the last one counts.
  const asked = Object.fromEntries(searchParams.entries());
  const host = asked.host || decodeURIComponent(hostname) || env.PGHOST || "localhost";
  if (host.startsWith("/") || isLoopback(host)) return "local";
  const { sslmode, sslcert, sslkey, sslrootcert, sslnegotiation, uselibpqcompat, ssl } = asked;
  if (sslmode || sslcert || sslkey || sslrootcert)
    return uselibpqcompat === "true" ? asLibpq(sslmode, sslrootcert) : byMode(sslmode);
  if (ssl !== undefined) return bySsl(ssl);
  if (sslnegotiation === "direct") return "verified";
  if (env.PGSSLMODE === undefined || !PG_MODES.has(env.PGSSLMODE)) return "clear";
  return byMode(env.PGSSLMODE);
}

/** Those that pg knows in PGSSLMODE. */
const PG_MODES: ReadonlySet<string> = new Set([
  "disable",
  "prefer",
  "require",
  "verify-ca",
  "verify-full",
  "no-verify",
]);

function byMode(mode: string | undefined): PostgresTransport {
  if (mode === "disable") return "clear";
  return mode === "no-verify" ? "unverified" : "verified";
}

function asLibpq(mode: string | undefined, rootCertificate: string | undefined): PostgresTransport {
  if (mode === "verify-ca" || (mode === "require" && rootCertificate)) return "name_unchecked";
  if (mode === "disable") return "clear";
  return mode === "prefer" || mode === "require" ? "unverified" : "verified";
}

function bySsl(ssl: string): PostgresTransport {
  if (ssl === "0" || ssl === "") return "clear";
  return ssl === "no-verify" ? "unverified" : "verified";
}
