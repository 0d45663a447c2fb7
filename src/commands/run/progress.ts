import type { Event, Listener, Progress } from "../../core/model/event.ts";
import type { Delivery, Run } from "../../core/model/run.ts";
import { plainly } from "../../core/rules/plain-text.ts";
import { bytes, count, duration, rows } from "../../core/rules/quantity.ts";
import { clauses, deliveryWord, endedWell, nextTry, runWord, type Scene } from "../history/words.ts";
import type { Output } from "../io.ts";

/**
 * Shows a person how a run goes: a line for each thing that happened, and on a terminal a last line that changes while a
 * query is under way.
 */
export function progressListener(output: Output): Listener {
  let live = false;
  const clear = () => {
    if (live) output.write("\r\u001b[2K");
    live = false;
  };
  return (event) => {
    if (event.kind === "section_progress") {
      if (output.isTTY !== true) return;
      clear();
      const { title, progress } = plainly(event);
      output.write(fitted(`  ${title}: ${queryWords(progress)}`, output.columns));
      live = true;
      return;
    }
    clear();
    output.write(lines(plainly(event)));
  };
}

function queryWords({ status, elapsedMs, bytes: fetched }: Progress): string {
  const size = fetched === undefined ? "" : `, ${bytes(fetched)}`;
  // Looker's words for the steps of a picture: "enqueued_for_query".
  return `${status.replaceAll("_", " ")} ${duration(elapsedMs)}${size}`;
}

/** A terminal that does not know its width says 0. */
function fitted(text: string, width: number | undefined): string {
  const columns = width || 80;
  return text.length < columns ? text : `${text.slice(0, columns - 2)}…`;
}

function lines(event: Exclude<Event, { kind: "section_progress" }>): string {
  switch (event.kind) {
    case "run_started":
      return `${event.run.report}  (run ${event.run.id})\n`;
    case "section_done": {
      const cached = event.fromCache === true ? ", from Looker's cache" : "";
      const columns = event.columns === 1 ? "1 column" : `${count(event.columns)} columns`;
      const table = `${rows(event.rows)} of ${columns} in ${duration(event.tookMs)}${cached}`;
      return `  queried    ${contentWords(event)}: ${table}\n${event.warnings.map((warning) => `  note       ${warning}\n`).join("")}`;
    }
    case "section_incomplete":
      return `  note       "${event.title}": ${event.reason}\n`;
    case "delivery_postponed":
      return `  ${event.delivery.kind.padEnd(10)} ${event.delivery.target}: ${deliveryWord(event.delivery, scene())}\n`;
    case "delivery_settled": {
      const { delivery } = event;
      const size = delivery.bytes ? `, with ${bytes(delivery.bytes)} of files and pictures` : "";
      const line = `  ${delivery.kind.padEnd(10)} ${delivery.target}: ${deliveryWord(delivery, scene())}${size}\n`;
      return line + why(delivery) + refusals(delivery.refused);
    }
    case "run_postponed":
      return `  ${runWord(event.run).padEnd(10)} ${postponement(event.run)}\n`;
    case "run_ended":
      return `  ${runWord(event.run).padEnd(10)} ${ending(event.run)}\n`;
  }
}

/** A tile of a dashboard is called by its title already. */
function contentWords({ content, title }: { readonly content: string; readonly title: string }): string {
  const titled = `"${title}"`;
  return content.includes(titled) ? content : `${content}, ${titled}`;
}

/** The person who watches has this machine's clock. */
function scene(): Scene {
  return { now: new Date(), zone: undefined, triesMax: null };
}

function postponement(run: Run): string {
  if (run.nextAt === null) return "handed back: the next free worker continues it";
  return [...clauses(run.reason), nextTry(run, scene())].join("; ");
}

const INDENT = "             ";

function ending(run: Run): string {
  const spent =
    run.startedAt && run.endedAt ? `after ${duration(run.endedAt.getTime() - run.startedAt.getTime())}` : "";
  if (endedWell(run)) return run.reason ?? spent;
  const reason = run.reason ?? `${spent}: see the lines above`;
  const isQueryAtFault = run.state === "failed" && run.reason !== null;
  const once = isQueryAtFault
    ? `To repeat it: lookpost retry ${run.id}`
    : `\`lookpost history --run ${run.id}\` says what to do.`;
  return [reason, run.advice, run.kind === "trial" ? null : once]
    .filter((words) => words !== null)
    .join(`\n${INDENT}`);
}

function why({ reason, advice, state, id }: Delivery): string {
  const resend =
    state === "unknown" ? `Check there first; if it is missing, \`lookpost resend ${id}\`.` : null;
  return [reason, advice, resend]
    .filter((words) => words !== null)
    .map((words) => `${INDENT}${words}\n`)
    .join("");
}

function refusals(refused: readonly { recipient: string; reason: string }[]): string {
  return refused.map(({ recipient, reason }) => `${INDENT}refused for ${recipient}: ${reason}\n`).join("");
}
