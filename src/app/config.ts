import { dirname, join, resolve } from "node:path";
import type { Config } from "../config/index.ts";
import { unlocated } from "../config/problems/problem.ts";
import type { ConnectionConfigs } from "./language.ts";

/** A reports.yaml as it was read. */
export type AppConfig = Config<ConnectionConfigs>;

export type Env = Readonly<Record<string, string | undefined>>;

/** A configuration that names nothing: for commands that need a Looker only, which the environment may name. */
export function bareConfig(): AppConfig {
  return {
    file: "",
    files: [],
    store: { kind: "file", directory: "data" },
    keep: { historyMs: Number.POSITIVE_INFINITY, filesMs: Number.POSITIVE_INFINITY },
    heartbeat: null,
    server: null,
    fonts: [],
    brand: {},
    connections: {},
    onFailure: [],
    reports: [],
    schedules: [],
    unset: {},
    notes: [],
    secrets: [],
    secretsTooShort: [],
    locate: (problem) => unlocated(problem, ""),
  };
}

/** The folder of all spools. */
export function spoolRoot({ store }: Pick<AppConfig, "store">): string {
  return join(store.directory, "spool");
}

/** Absolute: relative ones belong to the folder of reports.yaml. */
export function fontFiles({ file, fonts }: Pick<AppConfig, "file" | "fonts">): readonly string[] {
  return fonts.map((font) => resolve(dirname(file), font));
}
