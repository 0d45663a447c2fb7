import { z } from "zod";
import { parseDuration } from "../../core/rules/duration.ts";
import { defaulted, word } from "./word.ts";

const HISTORY_DEFAULT = "400d";
const FILES_DEFAULT = "7d";
const HISTORY_LIMITS = { least: "7d", most: "3650d" } as const;
const FILES_LIMITS = { least: "1d", most: "3650d" } as const;

/** How long things are kept, in milliseconds. */
export interface Keep {
  /** Ended runs with all that belongs to them, in the ledger. */
  readonly historyMs: number;
  /** The files of runs, in the spool. */
  readonly filesMs: number;
}

const history = word((text) => parseDuration(text, HISTORY_LIMITS)).meta({
  description: "How long ended runs are kept in the ledger: at least 7d.",
});

const files = word((text) => parseDuration(text, FILES_LIMITS)).meta({
  description:
    "How long the files of runs (results, attachments, messages) are kept on the worker's disk: at least 1d, and no longer than history.",
});

export const keep = z
  .union([
    history,
    z
      .strictObject({
        history: defaulted(history, HISTORY_DEFAULT).optional(),
        files: defaulted(files, FILES_DEFAULT).optional(),
      })
      .check(({ value, issues }) => {
        const { historyMs, filesMs } = keepOf(value);
        if (filesMs <= historyMs) return;
        issues.push({
          code: "custom",
          input: value.files,
          path: ["files"],
          message: "files are to be kept for longer than the history that tells of them",
          params: { advice: `Write at most ${value.history ?? HISTORY_DEFAULT}, or a longer history.` },
        });
      }),
  ])
  .meta({
    description: "How long things are kept: 400d for the history, or {history: 400d, files: 7d}.",
    wants: "a duration, as in 400d, or a mapping {history: 400d, files: 7d}",
    otherwise: `{history: ${HISTORY_DEFAULT}, files: ${FILES_DEFAULT}}`,
  });

export type KeepText = z.output<typeof keep>;

/** What the schema has read, with its defaults filled in. */
export function keepOf(text: KeepText = {}): Keep {
  const written = typeof text === "string" ? { history: text } : text;
  const of = (duration: string, limits: typeof HISTORY_LIMITS | typeof FILES_LIMITS) => {
    const ms = parseDuration(duration, limits);
    // The schema has refused whatever it complains of.
    return typeof ms === "number" ? ms : 0;
  };
  return {
    historyMs: of(written.history ?? HISTORY_DEFAULT, HISTORY_LIMITS),
    filesMs: of(("files" in written ? written.files : undefined) ?? FILES_DEFAULT, FILES_LIMITS),
  };
}
