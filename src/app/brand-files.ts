import { readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { LocatedProblem } from "../config/problems/problem.ts";
import { ReportError } from "../core/error.ts";
import type { Brand } from "../core/model/brand.ts";
import { type Path, problemAt } from "../core/model/problem.ts";
import { LOGO_BYTES_MAX, logoOf, tooLarge } from "../core/rules/brand/logo.ts";
import type { AppConfig } from "./config.ts";

/* The pictures that `brand:` names. They are read at each run, so that a changed one is in the next message. */

/** Throws ReportError `config` for one that cannot be read. */
export async function readBrandFile(config: Pick<AppConfig, "file">, path: string): Promise<Uint8Array> {
  try {
    return await readFile(placeOf(config, path));
  } catch (cause) {
    throw new ReportError(`The logo ${path} ${unread(cause)}.`, {
      code: "config",
      advice: "Correct brand.logo in reports.yaml. Messages go without it until then.",
      cause,
    });
  }
}

/** Logos that no message could show, those of reports included. */
export function logoProblems(config: AppConfig): LocatedProblem[] {
  const named: readonly { readonly brand: Brand; readonly path: Path }[] = [
    { brand: config.brand, path: ["brand", "logo"] },
    // A report that has none of its own shows the file's.
    ...config.reports.flatMap(({ name, brand }) =>
      brand?.logo === undefined || JSON.stringify(brand.logo) === JSON.stringify(config.brand.logo)
        ? []
        : [{ brand, path: ["reports", name, "brand", "logo"] }],
    ),
  ];
  return named.flatMap(({ brand: { logo }, path }) =>
    logo === undefined
      ? []
      : ([logo.light, logo.dark] as const).flatMap((file, index) => {
          const fault = file === undefined ? null : logoFault(placeOf(config, file));
          if (fault === null) return [];
          const advice =
            "A relative path begins at the folder of this file. Messages go without the logo until then.";
          const at = logo.dark === undefined ? path : [...path, index === 0 ? "light" : "dark"];
          return [config.locate(problemAt(at, `${file} ${fault}`, advice))];
        }),
  );
}

function placeOf({ file }: Pick<AppConfig, "file">, path: string): string {
  return resolve(dirname(file), path);
}

function logoFault(path: string): string | null {
  try {
    const { size } = statSync(path);
    // A file of any size is not read whole to be refused.
    if (size > LOGO_BYTES_MAX) return tooLarge(size);
    const logo = logoOf(readFileSync(path));
    return typeof logo === "string" ? logo : null;
  } catch (cause) {
    return unread(cause);
  }
}

function unread(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  if (code === "ENOENT") return "does not exist";
  return code === "EISDIR" ? "is a folder" : `cannot be read: ${code}`;
}
