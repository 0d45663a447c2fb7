import { z } from "zod";
import type { Problem } from "../../core/model/problem.ts";
import { parseDuration } from "../../core/rules/duration.ts";
import { parseSize } from "../../core/rules/size.ts";
import { defaulted, word } from "./schema.ts";
import { parseTimezone } from "./timezone.ts";

/** What is used where neither the report nor `defaults` says anything. */
export const BUILT_IN = {
  timezone: "UTC",
  timeout: "30m",
  max_result: "2GB",
  send_if: "always",
  rows: 50,
  show: "table",
  link: "looker",
  lead: "auto",
  compare: "previous",
  partial: "hide",
  width: 480,
  height: 320,
  catch_up: "latest",
  retry: { tries: 6, over: "2h" },
  on_unknown: "hold",
  as_in_looker: true,
  show_filters: false,
} as const;

const ROWS_SHOWN_MAX = 500;
const TRIES_MAX = 100;
export const RESULT_LIMITS = { least: "10kB", most: "1TB" } as const;
export const RETRY_LIMITS = { least: "1s", most: "7d" } as const;

export const timezone = word(parseTimezone).meta({
  description: 'IANA time zone the schedule is read in, such as "Europe/London".',
  examples: ["America/New_York"],
});

export const rows = z
  .int()
  .min(1)
  .max(ROWS_SHOWN_MAX)
  .meta({
    description: `How many rows the message shows, up to ${ROWS_SHOWN_MAX}; attached files have them all.`,
    wants: `a whole number from 1 to ${ROWS_SHOWN_MAX} (show: none shows no rows)`,
  });

const timeout = word(parseDuration).meta({
  description:
    "How long a run may take from its tick until its files are made, all its tries and the waits between them included: 45s, 30m, 2h; at most 24h. One that begins later (caught up, retried, taken over from a worker that stopped) counts from then. Without it, 30 minutes of all its tries together, and retry limits the waits.",
  examples: ["30m"],
});

const maxResult = word((text) => parseSize(text, RESULT_LIMITS)).meta({
  description:
    "How large the result of one section (of a dashboard: of one tile) may be, counted as it is once unpacked: 500MB, 2GB, 1.5GiB. A larger one is not taken in, and the run fails and says so.",
  wants: "a size with its unit, as in 2GB",
  examples: ["2GB"],
});

const sendIf = z.enum(["always", "has_results", "no_results"]).meta({
  description: "When to deliver: always, only when there are rows, only when there are none.",
});

const catchUp = z.enum(["latest", "all", "none"]).meta({
  description:
    "Which missed ticks are still run after lookpost was down or the machine asleep: the latest, all (at most 25, oldest first) or none. The others are shown as missed in `history`.",
});

const NO_RETRY = "retry has to be none or a mapping, as in {tries: 6, over: 2h}";

const retry = z
  .union([
    z.literal("none", { error: NO_RETRY }),
    z.strictObject({
      tries: z
        .int()
        .min(1)
        .max(TRIES_MAX)
        .meta({
          description: `How often it is tried in all, the first time included: 1 to ${TRIES_MAX}.`,
          wants: `a whole number from 1 to ${TRIES_MAX}`,
          otherwise: `defaults.retry, ${BUILT_IN.retry.tries}`,
        })
        .optional(),
      over: word((text) => parseDuration(text, RETRY_LIMITS))
        .meta({
          description: "From the first try to the last: 90s, 30m, 2h, 1d; at most 7d.",
          examples: ["2h"],
          otherwise: `defaults.retry, ${BUILT_IN.retry.over}`,
        })
        .optional(),
    }),
  ])
  .meta({
    description:
      "How long a query or a delivery that failed for a temporary reason is tried again, with growing waits, and at most until the report is due again: {tries: 6, over: 2h}, or none for a single try.",
    wants: "none or a mapping, as in {tries: 6, over: 2h}",
    examples: [{ tries: 6, over: "2h" }],
  });

const onUnknown = z.enum(["hold", "resend"]).meta({
  description:
    "What to do about a delivery that may or may not have arrived, where that cannot be looked up (email): hold leaves it to a person (`lookpost resend`), resend sends it again, perhaps twice.",
});

const expectBy = word(parseExpectBy).meta({
  description:
    "Local time, HH:MM, by which the report should be delivered; if it is not, on_failure is notified. It counts on the tick's day in the report's time zone, or on the next day if it is not after the tick's own time. none: never late.",
  examples: ["09:30"],
});

export const asInLooker = z.boolean().meta({
  description:
    "Whether tables and formatted files are as the content's page in Looker shows them: hidden fields left out, columns in its order and under its labels, cells highlighted where it sets them apart. false: all columns as the query has them. Files of raw values (csv with raw, json) have them all either way.",
});

export const showFilters = z.boolean().meta({
  description:
    'true: the message says what was filtered by, as Looker\'s pages do: "Created Date is in the last 12 weeks", "Status is complete, not cancelled".',
});

const link = z.enum(["looker", "embed", "none"]).meta({
  description:
    "Where the links of the message lead: to Looker; embed: to the same in a signed session of Looker, for people without an account there (needs server.url and looker.embed); none: no links.",
});

const lead = z.enum(["auto", "none"]).meta({
  description:
    "The sentence at the top of the message and in its preview, made from the data: auto, or none. It says how the first figures have moved.",
});

/** The settings that a report may have of its own, and `defaults` for all. */
export function settings(isReport: boolean) {
  const preset = (name: string, builtIn: string) => (isReport ? `defaults.${name}, ${builtIn}` : builtIn);
  const { tries, over } = BUILT_IN.retry;
  return {
    timezone: defaulted(timezone, preset("timezone", BUILT_IN.timezone)).optional(),
    timeout: defaulted(timeout, preset("timeout", BUILT_IN.timeout)).optional(),
    max_result: defaulted(maxResult, preset("max_result", BUILT_IN.max_result)).optional(),
    send_if: defaulted(sendIf, preset("send_if", BUILT_IN.send_if)).optional(),
    catch_up: defaulted(catchUp, preset("catch_up", BUILT_IN.catch_up)).optional(),
    retry: defaulted(retry, preset("retry", `{tries: ${tries}, over: ${over}}`)).optional(),
    on_unknown: defaulted(onUnknown, preset("on_unknown", BUILT_IN.on_unknown)).optional(),
    expect_by: defaulted(expectBy, preset("expect_by", "none")).optional(),
    link: defaulted(link, preset("link", BUILT_IN.link)).optional(),
    show_filters: defaulted(showFilters, preset("show_filters", String(BUILT_IN.show_filters))).optional(),
    as_in_looker: defaulted(asInLooker, preset("as_in_looker", String(BUILT_IN.as_in_looker))).optional(),
    lead: defaulted(lead, preset("lead", BUILT_IN.lead)).optional(),
  };
}

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const TIME_ADVICE = 'Write a local time from 00:00 to 23:59, as in "09:30", or none.';

/** "09:30", "none" (null), or what is wrong with it. */
export function parseExpectBy(text: string): { readonly time: string | null } | Problem {
  const written = text.trim();
  if (written === "none") return { time: null };
  if (TIME.test(written)) return { time: written };
  const near = nearTime(written);
  return {
    message: `"${written}" is not a time of day`,
    advice: near === null ? TIME_ADVICE : `Did you mean "${near}"? ${TIME_ADVICE}`,
  };
}

/** "9:30", "9.30", "9:30 pm", "9h30", "09:30:00" as they are meant. */
function nearTime(text: string): string | null {
  const match = /^(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2})?\s*([ap])?\.?m?\.?$/i.exec(text);
  if (!match || (match[2] === undefined && match[3] === undefined)) return null;
  const half = match[3]?.toLowerCase();
  const hour = half === undefined ? Number(match[1]) : (Number(match[1]) % 12) + (half === "p" ? 12 : 0);
  const time = `${String(hour).padStart(2, "0")}:${match[2] ?? "00"}`;
  return TIME.test(time) ? time : null;
}
