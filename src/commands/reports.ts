import { existsSync } from "node:fs";
import { type AppConfig, bareConfig, type Looker } from "../app.ts";
import { readReports } from "../reports-file.ts";
import { wholeOf, withApp } from "./context.ts";
import type { Io } from "./io.ts";

/** The configuration, whole: every problem is an error that lists them all. */
export function wholeConfig(file: string, io: Io): AppConfig {
  return wholeOf(readReports(file, io.env), io.err.isTTY === true);
}

/** The configuration as far as it can be used: enough to read the ledger while somebody mends the file. */
export function usableConfig(file: string, io: Io): AppConfig {
  const { config } = readReports(file, io.env);
  return config ?? wholeConfig(file, io);
}

/** A Looker for `work`: of the configuration where there is one, else of the environment alone. */
export function withLooker<T>(file: string, io: Io, work: (looker: Looker) => Promise<T>): Promise<T> {
  const config = existsSync(file) ? usableConfig(file, io) : bareConfig();
  return withApp(config, io, (app) => work(app.looker()));
}
