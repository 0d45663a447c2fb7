import { Temporal } from "temporal-polyfill";
import { scheduleNotes } from "../../src/commands/lookup/schedule-notes.ts";
import { parseCron } from "../../src/config/schema/cron.ts";
import { parseHeartbeat } from "../../src/config/schema/file-keys.ts";
import { parseExpectBy } from "../../src/config/schema/settings.ts";
import { findStore } from "../../src/config/schema/store.ts";
import { parseTimezone } from "../../src/config/schema/timezone.ts";
import { parseDuration } from "../../src/core/rules/duration.ts";
import { postgresFault } from "../../src/core/rules/postgres-fault.ts";
import { parseSize } from "../../src/core/rules/size.ts";
import { hadEnded, isAboutMessage, isBusyAnswer, isTooMany } from "../../src/deliver/email/answers.ts";
import { readSmtpUrl } from "../../src/deliver/email/connection.ts";
import { failureOf } from "../../src/deliver/email/outcome.ts";
import { mrkdwn, plainText } from "../../src/deliver/slack/preview/mrkdwn.ts";
import { uploadUrl } from "../../src/deliver/slack/upload.ts";
import { normaliseBaseUrl } from "../../src/looker/connection/base-url.ts";
import { refuseElsewhere } from "../../src/looker/connection/same-looker.ts";
import { namedDashboard } from "../../src/looker/dashboard/id.ts";
import { retryAfter } from "../../src/looker/http/failure.ts";
import { lookId } from "../../src/looker/look/id.ts";
import { EXPLORE_URL, SHARE_URL } from "../../src/looker/query/read.ts";
import { strftime, timeDirective } from "../../src/template/date-format.ts";
import { openFill } from "../../src/template/fill.ts";
import { inProportion } from "./in-proportion.ts";

/* What servers answer, what people paste, and what stands in reports.yaml besides its YAML. */

const now = new Date("2026-11-16T08:00:00Z");
const due = Temporal.ZonedDateTime.from("2026-11-16T08:00[UTC]");
const ids = { user: (id: string) => id, channel: (id: string) => id, picture: () => undefined };
const connection = {
  server: { host: "mail.example.com", port: 587, implicitTls: false, login: null },
  from: { name: null, address: "reports@example.com" },
  replyTo: null,
  allowedDomains: null,
  attachmentBytesMax: 1,
  recipientsMax: 50,
  connectionsMax: 10,
  perMinute: null,
  hello: null,
} as unknown as Parameters<typeof failureOf>[2];

function smtpAnswer(text: string): unknown {
  return [450, 452, 535, 550, 552].map((responseCode) => {
    const response = `${responseCode} ${text}`;
    const error = Object.assign(new Error(`Message failed: ${response}`), {
      response,
      responseCode,
      command: "RCPT TO",
    });
    const read = [
      isTooMany(error),
      isBusyAnswer(error, "envelope"),
      hadEnded(error, "envelope"),
      isAboutMessage(error, "envelope"),
    ];
    return [read, failureOf(error, "envelope", connection)];
  });
}

inProportion({
  "a mail server's answer": smtpAnswer,
  "a wait that is asked for": (text) => [retryAfter(text, now), retryAfter(`1${text}`, now)],
  "an error of Postgres": (text) => postgresFault("It failed", new Error(text), "hunter2hunter2"),
  "a word of Slack's markup, shown": (text) => [mrkdwn(text, ids), plainText(text)],
  "an upload address": (text) => uploadUrl(text, "https://slack.com/api/"),
  "the address of a Look": (text) => [lookId(`https://a/${text}`), lookId(`P/${text}\n`)],
  "the address of a dashboard": (text) => [
    namedDashboard(`https://a/${text}`),
    namedDashboard(`P/${text}\n`),
  ],
  "the address of a query": (text) =>
    [SHARE_URL, EXPLORE_URL].map((pattern) => [
      pattern.exec(`P/${text}\n`),
      pattern.exec(`P/explore/a/b?${text}\n`),
    ]),
  "an address of another Looker": (text) =>
    refuseElsewhere(`T.${text}`, "https://acme.looker.com", "https://acme.looker.com/looks/1"),
  "the address of a Looker": (text) => normaliseBaseUrl(text),
  "the address of a mail server": (text) => [readSmtpUrl(text), readSmtpUrl(`smtp://${text}`)],
  "the address of a heartbeat": parseHeartbeat,
  "the address of a store": (text) => findStore(text, {}),
  "a crontab": (text) => [parseCron(text), parseCron(`0 8 * * ${text}`)],
  "a schedule's comment": (text) => scheduleNotes([], [{ file: "reports.yaml", text: `schedule: ${text}` }]),
  "a time zone": parseTimezone,
  "a duration, a size, a time": (text) => [
    parseDuration(text),
    parseSize(text, { least: "1B", most: "1TB" }),
    parseExpectBy(text),
  ],
  "the format of a date": (text) => [timeDirective(text), strftime(due, text)],
  "a template that is filled": (text) =>
    openFill()(`{{ report.title }}${text}`, { report: { title: text } } as never, "markdown"),
});
