import { postgresTransport } from "../config/schema/postgres-transport.ts";
import { isLoopback } from "../core/rules/secure-transport.ts";
import { isInClear } from "../looker/connection/base-url.ts";
import { namedBaseUrl } from "../looker/connection/connection.ts";
import type { AppConfig, Env } from "./config.ts";
import { destinationOrNull } from "./destinations.ts";

/** What is allowed and a person should know: what is not encrypted, not checked, or cannot be hidden. Said at each start and by `check`. */
export function configNotes(config: AppConfig, env: Env): readonly string[] {
  const { connections, secretsTooShort: short } = config;
  const destinations = Object.entries(connections).flatMap(([kind, connection]) =>
    connection === undefined ? [] : (destinationOrNull(kind)?.notes?.(connection) ?? []),
  );
  return [
    ...lookerNotes(config, env),
    ...destinations,
    ...optionNotes(config),
    ...storeNotes(config, env),
    ...heartbeatNotes(config),
    ...(env.NODE_TLS_REJECT_UNAUTHORIZED === "0"
      ? ["NODE_TLS_REJECT_UNAUTHORIZED is 0: no server's certificate is checked."]
      : []),
    ...short.map(
      (place) =>
        `${place}: a secret of fewer than four characters cannot be told from other text, and is not hidden.`,
    ),
  ];
}

function lookerNotes({ connections: { looker } }: AppConfig, env: Env): string[] {
  const baseUrl = namedBaseUrl(looker, env);
  if (baseUrl === null || looker?.insecure !== true || !isInClear(baseUrl)) return [];
  return [
    `looker.insecure: the API key and all data cross the network to ${new URL(baseUrl).host} in the clear.`,
  ];
}

function optionNotes({ reports }: AppConfig): string[] {
  return reports.flatMap((report) =>
    report.deliver.flatMap(({ destination: { kind, options } }) =>
      (destinationOrNull(kind)?.optionNotes?.(options, report) ?? []).map(
        (note) => `reports.${report.name}: ${kind}: ${note}`,
      ),
    ),
  );
}

function storeNotes({ store }: AppConfig, env: Env): string[] {
  if (store.kind === "file") return [];
  const url = new URL(store.url);
  const host = url.searchParams.get("host") ?? url.host;
  switch (postgresTransport(url, env)) {
    case "clear":
      return [
        `store.insecure: what the ledger keeps crosses the network to Postgres at ${host} in the clear.`,
      ];
    case "unverified":
      return [
        `store: the connection to Postgres at ${host} is encrypted, and who answers is not checked. sslmode=verify-full checks it.`,
      ];
    case "name_unchecked":
      return [
        `store: of the Postgres server at ${host}, the certificate is checked and its name is not. sslmode=verify-full checks both.`,
      ];
    default:
      return [];
  }
}

function heartbeatNotes({ heartbeat }: AppConfig): string[] {
  const url = heartbeat === null ? null : URL.parse(heartbeat);
  if (url?.protocol !== "http:" || isLoopback(url.hostname)) return [];
  return [
    `heartbeat: its address, which is a secret, crosses the network to ${url.host} in the clear. https:// keeps it.`,
  ];
}
