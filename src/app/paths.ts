import { dirname, join, resolve } from "node:path";
import type { AppConfig } from "./reports-file.ts";

/** The folder of all spools. */
export function spoolRoot({ store }: Pick<AppConfig, "store">): string {
  return join(store.directory, "spool");
}

/** Absolute: relative ones belong to the folder of reports.yaml. */
export function fontFiles({ file, fonts }: Pick<AppConfig, "file" | "fonts">): readonly string[] {
  return fonts.map((font) => resolve(dirname(file), font));
}
