import { takesAddress } from "../../app/destinations.ts";
import type { Attempt, Delivery, Run, SectionRecord } from "../../core/model/run.ts";
import { showLocal } from "../../core/rules/due.ts";
import { bytes, duration, rows } from "../../core/rules/quantity.ts";
import { type Remedy, remedies } from "../../core/rules/remedies.ts";
import { wrapped } from "../layout.ts";
import { type RunView, runSummary } from "./run-summary.ts";
import { deliveryWord, endWord, exactTime, ownerWords, runWord, type Scene } from "./words.ts";

/** All that the ledger knows of one run. */
export interface RunInFull extends RunView {
  readonly attempts: readonly Attempt[];
  readonly sections: readonly SectionRecord[];
  readonly deliveries: readonly (Delivery & { readonly tried: readonly Attempt[] })[];
  readonly isPaused: boolean;
}

const INDENT = 4;
const STAMP = "2026-11-16 08:00:03  ".length;

/** One run from its claim to its end, and what to do about it. `zone` is its report's, `width` in columns. */
export function timeLine(full: RunInFull, scene: Scene & { zone: string }, width: number): string {
  const { run, sections, deliveries } = full;
  const line = (at: Date, text: string) => wrapped(stamp(at, scene.zone), text, STAMP, width);
  const own = deliveries.filter(({ purpose }) => purpose === "report");
  const notices = deliveries.filter(({ purpose }) => purpose !== "report");
  return [
    head(full, scene, width),
    `\n${line(run.claimedAt, claimWords(run))}`,
    ...full.attempts.map((attempt) => line(attempt.startedAt, attemptWords(attempt))),
    ...sections.map((section) => sectionLines(section, run, width)),
    ...[...own, ...notices].map((delivery) => deliveryLines(delivery, scene, width)),
    ending(run, line),
    whatToDo(remedies(run, deliveries, { isPaused: full.isPaused, takesAddress }), width),
  ].join("");
}

function head(full: RunInFull, scene: Scene & { zone: string }, width: number): string {
  const { run } = full;
  const words = runSummary(full, scene);
  const entries: readonly (readonly [string, string])[] = [
    ["run", run.id],
    ["report", run.report],
    ["due", showLocal(run.dueAt, scene.zone)],
    ["started by", startedBy(run)],
    ["state", runWord(run) + (words === "" ? "" : `: ${words}`)],
    ...(run.advice === null ? [] : [["advice", run.advice] as const]),
    ...(run.expectAt === null ? [] : [["expected", `by ${showLocal(run.expectAt, scene.zone)}`] as const]),
    ["rows", run.rows === null ? "–" : String(run.rows)],
    ["took", run.startedAt && run.endedAt ? spent(run.startedAt, run.endedAt) : "–"],
  ];
  const titles = Math.max(...entries.map(([title]) => title.length)) + 2;
  return entries.map(([title, text]) => wrapped(title.padEnd(titles), text, titles, width)).join("");
}

function startedBy({ kind, trigger }: Run): string {
  switch (kind) {
    case "tick":
      return trigger === "catch_up" ? "its schedule, as a catch-up" : "its schedule";
    case "by_hand":
      return "a person";
    case "file":
      return "the service, which reads the file";
    case "trial":
      return "a person, as a trial";
    case "repeat":
      return "a person, again";
  }
}

function claimWords({ trigger, reservedFor, endedAt, state }: Run): string {
  if (state === "missed") return "found missed";
  const words = trigger === "catch_up" ? "claimed later, as a catch-up" : "claimed";
  return reservedFor === null || endedAt !== null ? words : `${words}, only for ${ownerWords(reservedFor)}`;
}

function attemptWords({ attempt, owner, startedAt, endedAt, end, reason }: Attempt): string {
  const after = endedAt === null ? "" : ` after ${spent(startedAt, endedAt)}`;
  const why = reason === null ? "" : `: ${reason}`;
  return `attempt ${attempt} (${ownerWords(owner)}): ${endWord(end)}${after}${why}`;
}

function sectionLines(
  { section, title, taskId, rows: found, tookMs, warnings }: SectionRecord,
  run: Run,
  width: number,
) {
  const open = run.state === "running" ? "under way" : "no result";
  const size = found === null ? open : rows(found);
  const took = tookMs === null ? "" : ` in ${duration(tookMs)}`;
  const text = `${title}: ${size}${took} (task ${taskId ?? "–"})`;
  return `\n${wrapped(`query ${section + 1}  `, text, INDENT, width)}${notes(warnings, width)}`;
}

const PURPOSES = {
  report: "",
  failed: "notice that the run failed: ",
  late: "notice that it is late: ",
  missed: "notice that it was missed: ",
  recovered: "notice that it works again: ",
} as const;

function deliveryLines(delivery: RunInFull["deliveries"][number], scene: Scene, width: number): string {
  const { kind, target, purpose, id } = delivery;
  const size = delivery.bytes ? `, with ${bytes(delivery.bytes)} of files and pictures` : "";
  const text = `${PURPOSES[purpose]}${deliveryWord(delivery, scene)}${size} (delivery ${id})`;
  const line = wrapped(`${kind}  `, `${target}: ${text}`, INDENT, width);
  const tried = folded(delivery.tried).map(({ first, last }) =>
    wrapped(
      " ".repeat(INDENT) + stamp(first.startedAt, scene.zone),
      first === last
        ? attemptWords(first)
        : `attempts ${first.attempt} to ${last.attempt}: sent, to one after the other`,
      INDENT + STAMP,
      width,
    ),
  );
  return `\n${line}${tried.join("")}${notes(deliveryNotes(delivery), width)}`;
}

interface Told {
  readonly first: Attempt;
  readonly last: Attempt;
}

/** A row of more than these is told by its first and its last. */
const IN_A_ROW_MAX = 3;

/** Recipients who are served one after the other take an attempt each: fifty lines would hide the one that went wrong. */
function folded(tried: readonly Attempt[]): readonly Told[] {
  const rows: Attempt[][] = [];
  for (const attempt of tried) {
    const before = rows.at(-1);
    if (attempt.end === "sent" && before?.at(-1)?.end === "sent") before.push(attempt);
    else rows.push([attempt]);
  }
  const alone = (attempt: Attempt): Told => ({ first: attempt, last: attempt });
  return rows.flatMap((row) => {
    const [start, second] = row;
    const [end, last] = row.slice(-2);
    if (row.length <= IN_A_ROW_MAX || !start || !second || !end || !last) return row.map(alone);
    return [alone(start), { first: second, last: end }, alone(last)];
  });
}

function deliveryNotes(delivery: RunInFull["deliveries"][number]): readonly string[] {
  const { externalId, refused, reason, advice, state, tried } = delivery;
  // Said by the last attempt, or in the line above, already.
  const isSaid = state === "waiting" || tried.at(-1)?.reason === reason;
  return [
    externalId === null ? null : `as ${externalId}`,
    isSaid ? null : reason,
    advice,
    ...refused.map(({ recipient, reason: why }) => `refused for ${recipient}: ${why}`),
    state === "unknown" ? `Check there first; if it is missing, \`lookpost resend ${delivery.id}\`.` : null,
    state === "cancelled" && tried.some(({ end }) => end === "sent") ? "It had already been sent." : null,
  ].filter((words) => words !== null);
}

function notes(texts: readonly string[], width: number): string {
  return texts.map((text) => wrapped(" ".repeat(INDENT), text, INDENT, width)).join("");
}

function ending(run: Run, line: (at: Date, text: string) => string): string {
  const cancel = run.cancelAskedAt === null ? "" : line(run.cancelAskedAt, "a person asked to cancel it");
  const next = run.nextAt === null ? "" : line(run.nextAt, "to be tried again");
  const end = run.endedAt === null ? "" : line(run.endedAt, `ended: ${runWord(run)}`);
  const all = cancel + next + end;
  return all === "" ? "" : `\n${all}`;
}

function whatToDo(all: readonly Remedy[], width: number): string {
  if (all.length === 0) return "";
  const commands = Math.max(...all.map(([command]) => command.length)) + 2;
  const isAligned = all.every(([, words]) => INDENT + commands + words.length <= width);
  const lines = all.map(([command, words]) =>
    // A command is never broken: it is to be copied.
    isAligned
      ? `    ${command.padEnd(commands)}${words}\n`
      : `    ${command}\n${wrapped(" ".repeat(INDENT * 2), words, INDENT * 2, width)}`,
  );
  return `\nwhat to do\n${lines.join("")}`;
}

function stamp(at: Date, zone: string | undefined): string {
  return `${exactTime(at, zone)}  `;
}

function spent(from: Date, to: Date): string {
  return duration(Math.max(0, to.getTime() - from.getTime()));
}
