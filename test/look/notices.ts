import type { Message } from "../../src/core/model/message.ts";
import type { Delivery, Run } from "../../src/core/model/run.ts";
import { fileNotice } from "../../src/worker/delivery/file-notice.ts";
import type { NoticeCase } from "../../src/worker/delivery/notice.ts";
import { noticeMessage } from "../../src/worker/delivery/notice-message.ts";
import { notice } from "../render/sample.ts";
import { REPORT } from "../worker/open-pipeline.ts";

/* One notice of each kind, made by what makes those that are sent. */

const DUE = new Date("2026-11-16T13:00:00Z");
const hour = (hours: number) => new Date(DUE.getTime() + hours * 3_600_000);

const run: Run = {
  id: "0k3x9f2m7q1a",
  report: "weekly-delays",
  dueAt: DUE,
  burst: "",
  kind: "tick",
  trigger: "schedule",
  state: "failed",
  owner: null,
  reservedFor: null,
  attempts: 1,
  tries: 1,
  triesSince: DUE,
  reopenings: 0,
  nextAt: null,
  wokenFrom: null,
  reason: null,
  advice: null,
  rows: null,
  expectAt: null,
  cancelAskedAt: null,
  claimedAt: DUE,
  startedAt: DUE,
  endedAt: hour(1),
};

const delivery: Delivery = {
  id: "0k3x9f2m8r2b",
  runId: run.id,
  purpose: "report",
  kind: "slack",
  target: "#flight-ops",
  recipients: "",
  identity: null,
  entry: null,
  state: "refused",
  owner: null,
  attempts: 1,
  tries: 1,
  triesSince: DUE,
  nextAt: null,
  wokenFrom: null,
  isUncertain: false,
  uncertainSince: null,
  remaining: null,
  externalId: null,
  reason: "Slack answered not_in_channel for #flight-ops.",
  advice: 'Invite the bot: type "/invite @lookpost" in #flight-ops.',
  refused: [],
  bytes: 0,
  plannedAt: DUE,
  settledAt: hour(1),
};

const NONE = { runs: 0, since: null };

const told: NoticeCase = {
  purpose: "failed",
  run,
  report: {
    ...REPORT,
    name: "weekly-delays",
    title: "Weekly flight delays",
    owner: "flight-ops@example.com",
  },
  deliveries: [],
  recipients: ["ana@example.com, ben@example.com", "#flight-ops"],
  nextAt: new Date("2026-11-23T13:00:00Z"),
  failed: { runs: 1, since: DUE },
  late: NONE,
  missed: [],
  takesAddress: (kind) => kind === "email",
};

const of = (more: Partial<NoticeCase>): Message => ({ ...noticeMessage({ ...told, ...more }), key: "key" });

const file: Run = {
  ...run,
  id: "file1",
  report: "(reports.yaml)",
  kind: "file",
  reason:
    'reports.yaml:31:5: report "weekly-delays": unknown key "recipents"\n  31 |     recipents: [ana@example.com]\n     |     ^^^^^^^^^\n  Did you mean deliver?\n\n1 problem, in 1 report.',
};
const ofFile = (more: Partial<NoticeCase>): Message => ({
  ...fileNotice({ ...told, run: file, ...more }),
  key: "key",
});

export const NOTICES: Readonly<Record<string, Message>> = {
  "notice-failed": of({
    run: {
      ...run,
      attempts: 3,
      reason: "Looker refuses the login with this client id and secret.",
      advice:
        "Check looker.client_id and looker.client_secret: both belong to one API key of one user (Admin > Users > Edit keys), who must not be disabled.",
    },
  }),
  "notice-still": of({
    run: { ...run, state: "partly_failed" },
    deliveries: [delivery],
    failed: { runs: 14, since: new Date("2026-11-02T13:00:00Z") },
  }),
  "notice-late": of({
    purpose: "late",
    run: {
      ...run,
      state: "waiting",
      expectAt: hour(1),
      endedAt: null,
      reason: "Looker answered 503 to POST /login",
    },
    late: { runs: 1, since: DUE },
  }),
  "notice-missed": of({
    purpose: "missed",
    run: { ...run, state: "missed", reason: null },
    missed: [-72, -48, -24, 0].map((hours) => ({
      ...run,
      state: "missed",
      dueAt: hour(hours),
      reason: "No worker was running when it was due.",
    })),
  }),
  "notice-again": of({
    purpose: "recovered",
    run: { ...run, state: "delivered", endedAt: hour(0.05) },
    failed: { runs: 14, since: new Date("2026-11-02T13:00:00Z") },
  }),
  "notice-broken": ofFile({}),
  "notice-whole": ofFile({ purpose: "recovered" }),
  "notice-ledger": notice({
    purpose: "service",
    subject: "lookpost has stopped sending: its ledger is lost",
    intro: [
      "The ledger /var/lib/lookpost/ledger.sqlite is damaged: page 12 is never used.",
      "No report is run or sent from now on. Runs and deliveries under way wait, and none is marked as failed: they go on once the ledger is in order and the service was started again.",
      "What to do",
      "Stop the service first. Then put a backup of the file in its place, or repair it as docs/operations.md says, and start the service.",
      "  Host\tworker-1\n  Process\t4711",
    ].join("\n\n"),
  }),
};
