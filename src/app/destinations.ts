import { ReportError } from "../core/error.ts";
import type { Problem } from "../core/model/problem.ts";
import type { AnyDestination } from "../core/ports/destination.ts";
import { email } from "../deliver/email/email.ts";
import { file } from "../deliver/file/file.ts";
import { slack } from "../deliver/slack/slack.ts";
import { LOOKER } from "../worker/process/circuits.ts";

/*
 * Every kind of destination: a line each, and one in language.ts. Nothing here may load what reads reports.yaml, or what only sending
 * needs.
 */

const destinations: readonly AnyDestination[] = [email, slack, file];

/** Where the demo puts what the sandbox has no stand-in for. */
export const STAND_IN = file;

const byKind = new Map(destinations.map((one) => [one.kind, one]));

/** Throws ReportError `config` for a word that is not known. */
export function destinationOf(kind: string): AnyDestination {
  const found = byKind.get(kind);
  if (found === undefined) throw new ReportError(`There is no destination "${kind}".`, { code: "config" });
  return found;
}

/** Null for a kind that this lookpost does not know: the ledger may be older, or another's. */
export function destinationOrNull(kind: string): AnyDestination | null {
  return byKind.get(kind) ?? null;
}

/** The one that `run --to ADDRESS` writes to. */
export function trialDestination(): AnyDestination & Required<Pick<AnyDestination, "trial">> {
  const found = destinations.find((one) => one.trial !== undefined);
  if (found?.trial === undefined)
    throw new ReportError("No destination takes an address.", { code: "config" });
  return { ...found, trial: found.trial };
}

/** Whether what it refuses are recipients that `run --to ADDRESS` can write to. */
export function takesAddress(kind: string): boolean {
  const destination = destinationOrNull(kind);
  return destination?.trial !== undefined && destination.words.refusals === "recipients";
}

/** A server among the circuits, as the subject of a sentence. `name`: its kind, and what the destination calls it. */
export function serverWords(name: string): string {
  if (name === LOOKER) return "Looker";
  const [, kind = "", server = ""] = /^(\S+) (.+)$/.exec(name) ?? [];
  return destinationOrNull(kind)?.words.server(server) ?? name;
}

/** `unset`: why its block was left out, where it was. */
export function unconnected(kind: string, unset?: Problem): ReportError {
  if (unset !== undefined)
    return new ReportError(`${kind} cannot be used: ${unset.message}.`, {
      code: "config",
      ...(unset.advice !== null && { advice: unset.advice }),
    });
  return new ReportError(`There is no connection for "${kind}".`, {
    code: "config",
    advice: `Write a top-level block \`${kind}:\` into reports.yaml.`,
  });
}
