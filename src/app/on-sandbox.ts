import { join } from "node:path";
import type { DeliverTo, Report } from "../core/model/report.ts";
import type { SandboxAddresses } from "../core/ports/destination.ts";
import type { AppConfig } from "./config.ts";
import { destinationOf, destinationOrNull, STAND_IN } from "./destinations.ts";

/**
 * The configuration of the demo: whatever the file and the environment name, in a connection or in a destination's options, it talks to
 * the sandbox and keeps its ledger there. Nothing reaches a real address.
 */
export function onSandbox(
  config: AppConfig,
  { env, outbox }: { readonly env: SandboxAddresses; readonly outbox: string },
): AppConfig {
  // Looker's connection comes from the environment.
  const { looker: _, ...others } = config.connections;
  const connections = Object.entries(others).map(([kind, connection]) => [
    kind,
    connection === undefined ? connection : destinationOrNull(kind)?.onSandbox.connection(connection, env),
  ]);
  return {
    ...config,
    store: { kind: "file", directory: join(outbox, "data") },
    connections: Object.fromEntries(connections),
    onFailure: entriesOnSandbox(config.onFailure, env),
    reports: config.reports.map((report) => reportOnSandbox(report, env)),
  };
}

function reportOnSandbox(report: Report, env: SandboxAddresses): Report {
  const { deliver, onFailure } = report;
  return {
    ...report,
    deliver: entriesOnSandbox(deliver, env),
    onFailure: entriesOnSandbox(onFailure, env),
  };
}

function entriesOnSandbox(entries: readonly DeliverTo[], env: SandboxAddresses): DeliverTo[] {
  return entries.map((one) => ({ ...one, ...entryOnSandbox(one, env) }));
}

/** What the sandbox has no stand-in for is written into a folder of the outbox. */
function entryOnSandbox(
  { destination: { kind, options } }: DeliverTo,
  env: SandboxAddresses,
): Pick<DeliverTo, "destination"> {
  const type = destinationOf(kind);
  const own = type.onSandbox.options(options, env);
  if (own !== null) return { destination: { kind, options: own } };
  const folder = `${kind}-${type.describe(options)}`.replace(/[^\w.@-]+/g, "-");
  return { destination: { kind: STAND_IN.kind, options: { path: folder } } };
}
