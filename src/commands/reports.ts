import { existsSync } from "node:fs";
import type { App, AppConfig, Looker } from "../app/app.ts";
import { bareConfig } from "../app/config.ts";
import { readReports, readStore } from "../app/reports-file.ts";
import { type Read, wholeOf, withApp } from "./context.ts";
import type { Io } from "./io.ts";

/** The configuration, whole: every problem is an error that lists them all. */
export function wholeConfig(file: string, io: Io): AppConfig {
  return wholeOf(readReports(file, io.env), io.err.isTTY === true);
}

/**
 * The configuration as far as it can be used: enough to know its reports while the rest of the file is being fixed, and where the secrets
 * are not at hand.
 */
export function usableConfig(file: string, io: Io): AppConfig {
  const { config } = usableRead(file, io);
  return config ?? wholeConfig(file, io);
}

/** The same with what is wrong with the rest. */
export function usableRead(file: string, io: Io): Read {
  return readReports(file, io.env, { unset: "leave_out" });
}

/** Enough to find the ledger, whatever the rest of the file is like: a service goes on with the last good one. */
export function ledgerConfig(file: string, io: Io): AppConfig {
  const { config } = readReports(file, io.env, { unset: "leave_out" });
  if (config !== null) return config;
  const store = readStore(file, io.env);
  if (store === null) return wholeConfig(file, io);
  io.err.write(`${file} has problems (see \`lookpost check\`); its ledger is used anyway.\n`);
  return { ...bareConfig(), file, store };
}

/** A Looker for `work`: of the configuration where there is one, else of the environment alone. */
export function withLooker<T>(
  file: string,
  io: Io,
  work: (looker: Looker, app: App) => Promise<T>,
): Promise<T> {
  const config = existsSync(file) ? usableConfig(file, io) : bareConfig();
  return withApp(config, io, (app) => work(app.looker(), app));
}
