/**
 * Texts name commands as `lookpost retry RUN`, in the ledger too. Where a person reads them, they are written as they are called where this
 * process runs.
 */
export interface CommandLine {
  /** In place of "lookpost": "docker exec 0a1b2c lookpost", "npm run -s lookpost --". */
  readonly program: string;
  /** LOOKPOST_STORE, where the shell that the command is pasted into has to be told; else null. */
  readonly store: string | null;
  /** The reports.yaml to name; null: the one that is found by itself. */
  readonly file: string | null;
  /** Whether the service is started by it too, and not by whatever runs the container. */
  readonly startsService: boolean;
}

export const PLAIN: CommandLine = { program: "lookpost", store: null, file: null, startsService: true };

/** Those that ask Looker or the file alone. */
const WITHOUT_LEDGER = "check|next|looks|fields|schema|test-connection|sandbox|demo";
const WITH_LEDGER = "history|retry|resend|cancel|pause|resume|run|preview|health|start";
const COMMAND = new RegExp(`(?<![\\w./:@-])lookpost(\\s+)(${WITH_LEDGER}|${WITHOUT_LEDGER})(?![\\w-])`, "g");
const WITHOUT_FILE: ReadonlySet<string> = new Set(["schema", "sandbox"]);

/** The text with each command of it as the command line says. */
export function withCommands(text: string, line: CommandLine): string {
  return text.replace(COMMAND, (words, space: string, name: string) => {
    if (name === "start" && !line.startsService) return words;
    const store =
      line.store === null || !WITH_LEDGER.split("|").includes(name) ? "" : `LOOKPOST_STORE=${line.store} `;
    return `${store}${line.program}${space}${name}${fileOption(name, line.file)}`;
  });
}

function fileOption(name: string, file: string | null): string {
  if (file === null || WITHOUT_FILE.has(name)) return "";
  return name === "check" ? ` ${file}` : ` --config ${file}`;
}

/** As a shell takes it for one word: what stands in the ledger may come from anywhere. */
export function shellWord(word: string): string {
  return /^[\w.@+=:,/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
