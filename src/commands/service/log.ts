import { type Logger, pino } from "pino";
import type { Event } from "../../core/model/event.ts";
import { plainJson } from "../../core/rules/plain-text.ts";
import { runFailure } from "../../core/rules/run-failure.ts";
import { endedWell } from "../history/words.ts";
import type { Io } from "../io.ts";

/** The service's log: one line of JSON for each thing that happened. LOOKPOST_LOG_LEVEL=debug also tells every poll. */
export function serviceLog(io: Io): Logger {
  const level = io.env.LOOKPOST_LOG_LEVEL ?? "info";
  const write = (line: string) => void io.out.write(`${plainJson(line.trimEnd())}\n`);
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write });
}

export function eventLine(event: Event, log: Logger): void {
  const { id, report, dueAt } = event.run;
  const { level, message, fields } = entry(event);
  log[level]({ run: id, report, dueAt, ...fields }, message);
}

interface Entry {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields: object;
}

function entry(event: Event): Entry {
  switch (event.kind) {
    case "run_started":
      return { level: "info", message: "run started", fields: {} };
    case "section_progress":
      return {
        level: "debug",
        message: "query under way",
        fields: { section: event.title, ...event.progress },
      };
    case "section_done": {
      const { title, content, rows, tookMs, fromCache, warnings } = event;
      return {
        level: "info",
        message: "query done",
        fields: { section: title, content, rows, tookMs, fromCache, warnings },
      };
    }
    case "section_incomplete": {
      const { title, reason, advice } = event;
      return {
        level: "warn",
        message: "not shown as asked for",
        fields: { section: title, reason, advice },
      };
    }
    case "delivery_settled": {
      const {
        id: delivery,
        kind: destination,
        target,
        state,
        externalId,
        bytes,
        reason,
        advice,
        refused,
      } = event.delivery;
      const fields = { delivery, destination, target, state, externalId, bytes, reason, advice, refused };
      const well = state === "sent" && refused.length === 0;
      return { level: well ? "info" : "error", message: `delivery ${state}`, fields };
    }
    case "delivery_postponed": {
      const { id: delivery, kind: destination, target, nextAt, reason, tries } = event.delivery;
      const fields = { delivery, destination, target, nextAt, tries, reason };
      return { level: "warn", message: "delivery waits", fields };
    }
    case "run_postponed": {
      const { state, nextAt, tries, reason, advice } = event.run;
      // Handed back: this worker stops, and another, or the next start, goes on.
      if (state === "planned") return { level: "info", message: "run handed back", fields: {} };
      return { level: "warn", message: "run waits", fields: { nextAt, tries, reason, advice } };
    }
    case "run_ended": {
      const { state, rows } = event.run;
      const { reason, advice, failed } = runFailure(event.run, event.deliveries);
      const level = endedWell(event.run) ? "info" : "error";
      const fields = { state, rows, reason, advice, ...(failed.length > 0 && { failed }) };
      return { level, message: `run ${state}`, fields };
    }
  }
}
