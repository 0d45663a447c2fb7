import type { DeliveryPlan, Settlement } from "../../../src/core/model/entry.ts";
import type { Ledger } from "../../../src/core/ports/ledger.ts";
import { at, claim, DUE } from "../house.ts";

export const SERVICE = "vm-1:41:s";

/** A way the ledger can stand, made by its own verbs, and what `history` has to say of it at 08:04. */
export interface Standing {
  readonly name: string;
  readonly make: (ledger: Ledger) => Promise<void>;
  /** What the list says of run1, from its state on; white space does not count. */
  readonly listed: string;
  /** What the time line says, in order. */
  readonly told: readonly string[];
  /** The commands that it names at the end. */
  readonly commands: readonly string[];
}

const EMAIL: DeliveryPlan = {
  id: "mail1",
  kind: "email",
  target: "ops@example.com",
  recipients: "",
  identity: "ops@example.com",
  entry: "ops@example.com",
};
const SLACK: DeliveryPlan = {
  id: "post1",
  kind: "slack",
  target: "#ops",
  recipients: "",
  identity: "#ops",
  entry: "#ops",
};

const SENT: Settlement = {
  state: "sent",
  externalId: "<1@example.com>",
  refused: [],
  reason: null,
  bytes: 1200,
};

function ended(
  state: "refused" | "gave_up" | "unknown" | "unsubscribed" | "cancelled",
  reason: string,
): Settlement {
  return { state, reason, advice: null, bytes: null };
}

function waits(end: "again" | "unknown" | "held" | "handed_back", reason: string): Settlement {
  const isUncertain = end === "unknown";
  return { state: "waiting", nextAt: at(5), reason, advice: null, end, served: null, isUncertain };
}

/** Takes the run and plans its deliveries. */
async function delivering(ledger: Ledger, plans: readonly DeliveryPlan[] = [EMAIL]): Promise<void> {
  await claim(ledger);
  await ledger.takeRun("run1", SERVICE, at(0, 1));
  await ledger.recordTask("run1", 0, "Delays", "task1");
  const record = {
    section: 0,
    title: "Delays",
    taskId: "task1",
    rows: 49,
    tookMs: 1200,
    warnings: ["Rows may be cut."],
  };
  await ledger.recordSection("run1", record);
  await ledger.planDeliveries({ id: "run1", attempt: 1 }, plans, 49, at(0, 3));
}

async function settle(ledger: Ledger, id: string, settlement: Settlement, attempt = 1): Promise<void> {
  const minutes = attempt === 1 ? 1 : 1 + attempt;
  await ledger.takeDelivery(id, SERVICE, at(minutes));
  await ledger.settleDelivery({ id, attempt }, settlement, at(minutes, 2));
}

async function failed(ledger: Ledger): Promise<void> {
  await claim(ledger);
  await ledger.takeRun("run1", SERVICE, at(0, 1));
  const end = { state: "failed", reason: "There is no Look 42.", advice: "Correct `look:`." } as const;
  await ledger.endRun({ id: "run1", attempt: 1 }, end, at(0, 2));
}

async function heard(ledger: Ledger, state: "missed" | "skipped", reason: string): Promise<void> {
  const schedule = { report: "weekly", cron: "0 8 * * mon", timezone: "America/New_York" };
  await ledger.plan([{ ...schedule, nextAt: DUE }], at(-60));
  const end = { state, reason };
  const tick = {
    id: "run1",
    report: "weekly",
    dueAt: DUE,
    burst: "",
    trigger: "schedule",
    expectAt: null,
    end,
  } as const;
  await ledger.claimTicks(
    [{ report: "weekly", promised: DUE, nextAt: at(7 * 24 * 60), runs: [tick] }],
    at(1),
  );
}

const NOTICE: DeliveryPlan = {
  id: "note1",
  kind: "email",
  target: "owner@example.com",
  recipients: "",
  identity: "owner@example.com",
  entry: "owner@example.com",
};

export const STANDINGS: readonly Standing[] = [
  {
    name: "claimed",
    make: async (ledger) => {
      await claim(ledger);
    },
    listed: "planned – for the next free worker",
    told: ["started by its schedule", "2026-11-16 08:00:00 claimed"],
    commands: ["lookpost cancel run1"],
  },
  {
    name: "claimed by a command for itself",
    make: async (ledger) => {
      await ledger.signIn("laptop:7:c", "command", at(4));
      await claim(ledger, { reservedFor: "laptop:7:c", kind: "by_hand", trigger: "manual" });
    },
    listed: "planned – only for the command of process 7 on laptop",
    told: ["started by a person", "claimed, only for process 7 on laptop"],
    commands: ["lookpost cancel run1"],
  },
  {
    name: "behind an older run of its report",
    make: async (ledger) => {
      await claim(ledger, { id: "run0", dueAt: at(-7 * 24 * 60) });
      await claim(ledger);
    },
    listed: "planned – after run run0 of the same report",
    told: ["state planned: after run run0 of the same report"],
    commands: ["lookpost cancel run1"],
  },
  {
    name: "handed back by a worker that stopped",
    make: async (ledger) => {
      await claim(ledger);
      await ledger.takeRun("run1", SERVICE, at(0, 1));
      await ledger.handBackRun({ id: "run1", attempt: 1 }, at(0, 4));
    },
    listed: "planned – started before; the next free worker continues it",
    told: ["attempt 1 (process 41 on vm-1): handed back: the worker was shut down after 3.0 s"],
    commands: ["lookpost cancel run1"],
  },
  {
    name: "in the hands of a worker that died",
    make: async (ledger) => {
      await ledger.signIn("vm-2:9:z", "service", at(0));
      await claim(ledger);
      await ledger.takeRun("run1", "vm-2:9:z", at(0, 1));
    },
    listed: "planned – its worker died: it is free for another one; started before",
    told: ["attempt 1 (process 9 on vm-2): lost: the worker died, or was suspended for too long"],
    commands: ["lookpost cancel run1"],
  },
  {
    name: "running",
    make: async (ledger) => {
      await claim(ledger, { expectAt: at(3) });
      await ledger.takeRun("run1", SERVICE, at(0, 1));
      await ledger.recordTask("run1", 0, "Delays", "task1");
    },
    listed: "running – since 08:00 by process 41 on vm-1; late: it was expected by 08:03",
    told: [
      "expected by Mon 2026-11-16 08:03 EST",
      "attempt 1 (process 41 on vm-1): under way",
      "query 1 Delays: under way (task task1)",
    ],
    commands: ["lookpost cancel run1"],
  },
  {
    name: "running and asked to be cancelled",
    make: async (ledger) => {
      await claim(ledger);
      await ledger.takeRun("run1", SERVICE, at(0, 1));
      await ledger.cancelRun("run1", "A person cancelled it.", at(2));
    },
    listed: "being cancelled –",
    told: ["2026-11-16 08:02:00 a person asked to cancel it"],
    commands: [],
  },
  {
    name: "to be tried again",
    make: async (ledger) => {
      await claim(ledger);
      await ledger.takeRun("run1", SERVICE, at(0, 1));
      const postponed = {
        nextAt: at(5),
        reason: "Looker did not answer.",
        advice: null,
        end: "again",
      } as const;
      await ledger.postponeRun({ id: "run1", attempt: 1 }, postponed, at(0, 11));
    },
    listed: "waiting – Looker did not answer; next try 08:05 (try 2 of 6)",
    told: [
      "state waiting: Looker did not answer; next try 08:05 (try 2 of 6)",
      "attempt 1 (process 41 on vm-1): failed for now after 10.0 s: Looker did not answer.",
      "2026-11-16 08:05:00 to be tried again",
    ],
    commands: ["lookpost cancel run1", "lookpost retry run1"],
  },
  {
    name: "held back while Looker is out",
    make: async (ledger) => {
      await claim(ledger);
      await ledger.takeRun("run1", SERVICE, at(0, 1));
      const postponed = { nextAt: at(24 * 60), reason: "Looker is out.", advice: null, end: "held" } as const;
      await ledger.postponeRun({ id: "run1", attempt: 1 }, postponed, at(0, 2));
    },
    listed: "waiting – Looker is out; next try Tue 08:00 (try 1 of 6)",
    told: ["attempt 1 (process 41 on vm-1): held back, not tried after 1.0 s: Looker is out."],
    commands: ["lookpost cancel run1", "lookpost retry run1"],
  },
  {
    name: "deliveries not yet tried",
    make: (ledger) => delivering(ledger),
    listed: "delivering 49 0 of 1 sent; email ops@example.com: not yet tried",
    told: [
      "attempt 1 (process 41 on vm-1): done after 2.0 s",
      "query 1 Delays: 49 rows in 1.2 s (task task1) Rows may be cut.",
      "email ops@example.com: not yet tried (delivery mail1)",
    ],
    commands: ["lookpost cancel run1"],
  },
  {
    name: "a delivery being sent",
    make: async (ledger) => {
      await delivering(ledger);
      await ledger.takeDelivery("mail1", SERVICE, at(1));
    },
    listed: "delivering 49 0 of 1 sent; email ops@example.com: being sent",
    told: [
      "email ops@example.com: being sent (delivery mail1) 2026-11-16 08:01:00 attempt 1 (process 41 on vm-1): under way",
    ],
    commands: ["lookpost cancel run1"],
  },
  {
    name: "a delivery to be tried again",
    make: async (ledger) => {
      await delivering(ledger);
      await settle(ledger, "mail1", waits("again", "451 try later."));
    },
    listed:
      "delivering 49 0 of 1 sent; email ops@example.com: waiting: 451 try later; next try 08:05 (try 2 of 6)",
    told: ["attempt 1 (process 41 on vm-1): failed for now after 2.0 s: 451 try later."],
    commands: ["lookpost cancel run1", "lookpost retry run1 --failed-only"],
  },
  {
    name: "a delivery held back while Slack is out",
    make: async (ledger) => {
      await delivering(ledger, [SLACK]);
      await settle(ledger, "post1", waits("held", "Slack is out."));
      await ledger.saveCircuit({
        name: "slack https://slack.com/api/",
        failures: 7,
        since: at(2),
        openUntil: at(5),
        reason: "503 from slack.com.",
      });
    },
    listed: "delivering 49 0 of 1 sent; slack #ops: waiting: Slack is out; next try 08:05 (try 1 of 6)",
    told: [
      "attempt 1 (process 41 on vm-1): held back, not tried after 2.0 s: Slack is out.",
      "Slack has not answered since 08:02 (7 times); it is asked again at 08:05: 503 from slack.com.",
    ],
    commands: ["lookpost cancel run1", "lookpost retry run1 --failed-only"],
  },
  {
    name: "a delivery for some of its recipients still",
    make: async (ledger) => {
      await delivering(ledger);
      const served = {
        externalId: "<1@example.com>",
        remaining: ["a@example.com", "b@example.com"],
        refused: [{ recipient: "c@example.com", reason: "550 no such user", permanent: true }],
      };
      await settle(ledger, "mail1", { ...waits("again", "451 greylisted."), served } as Settlement);
    },
    listed:
      "delivering 49 0 of 1 sent; email ops@example.com: waiting, for 2 of its recipients: 451 greylisted; next try 08:05 (try 2 of 6)",
    told: ["as <1@example.com> refused for c@example.com: 550 no such user"],
    commands: ["lookpost cancel run1"],
  },
  {
    name: "a delivery that may have been delivered and can be looked up",
    make: async (ledger) => {
      await delivering(ledger, [SLACK]);
      await settle(ledger, "post1", waits("unknown", "The connection was lost."));
    },
    listed: "delivering 49 0 of 1 sent; slack #ops: may have been delivered: lookpost looks it up at 08:05",
    told: [
      "slack #ops: may have been delivered: lookpost looks it up at 08:05 (delivery post1)",
      "attempt 1 (process 41 on vm-1): may have been delivered after 2.0 s: The connection was lost.",
    ],
    commands: ["lookpost cancel run1"],
  },
  {
    name: "a delivery that is being looked up",
    make: async (ledger) => {
      await delivering(ledger, [SLACK]);
      await settle(ledger, "post1", {
        ...waits("unknown", "The connection was lost."),
        nextAt: at(2),
      } as Settlement);
      await ledger.takeDelivery("post1", SERVICE, at(3));
    },
    listed: "delivering 49 0 of 1 sent; slack #ops: being looked up: it may have been delivered",
    told: ["attempt 2 (process 41 on vm-1): under way"],
    commands: ["lookpost cancel run1"],
  },
  {
    name: "a delivery whose sender died",
    make: async (ledger) => {
      await ledger.signIn("vm-2:9:z", "service", at(0));
      await delivering(ledger, [SLACK]);
      await ledger.takeDelivery("post1", "vm-2:9:z", at(1));
      await ledger.commitDelivery({ id: "post1", attempt: 1 }, at(1));
    },
    listed:
      "delivering 49 its worker died: it is free for another one; 0 of 1 sent; slack #ops: may have been delivered: lookpost looks it up now",
    told: ["attempt 1 (process 9 on vm-2): lost: the worker died, or was suspended for too long"],
    commands: ["lookpost cancel run1"],
  },
  {
    name: "delivered",
    make: async (ledger) => {
      await delivering(ledger);
      await settle(ledger, "mail1", SENT);
    },
    listed: "delivered 49 1 of 1 sent",
    told: [
      "rows 49",
      "took 1 min 1 s",
      "email ops@example.com: sent, with 1.2 kB of files and pictures (delivery mail1)",
      "2026-11-16 08:01:00 attempt 1 (process 41 on vm-1): sent after 2.0 s as <1@example.com>",
      "2026-11-16 08:01:02 ended: delivered",
    ],
    commands: [],
  },
  {
    name: "skipped, since all have unsubscribed",
    make: async (ledger) => {
      await delivering(ledger);
      await settle(ledger, "mail1", ended("unsubscribed", "All of its recipients have unsubscribed."));
    },
    listed: "skipped 49 All of its recipients have unsubscribed",
    told: ["email ops@example.com: not sent: all of its recipients have unsubscribed"],
    commands: ["lookpost recipients"],
  },
  {
    name: "delivered to some",
    make: async (ledger) => {
      await delivering(ledger);
      const refused = [{ recipient: "gone@example.com", reason: "550 no such user", permanent: true }];
      await settle(ledger, "mail1", { ...SENT, refused } as Settlement);
    },
    listed: "partly failed 49 1 of 1 sent; email ops@example.com: sent, but refused for 1 of its recipients",
    told: ["refused for gone@example.com: 550 no such user"],
    commands: ["lookpost run weekly --due 2026-11-16T13:00Z --to gone@example.com"],
  },
  {
    name: "partly failed",
    make: async (ledger) => {
      await delivering(ledger, [EMAIL, SLACK]);
      await settle(ledger, "mail1", SENT);
      await settle(ledger, "post1", ended("refused", "The channel is archived."));
    },
    listed: "partly failed 49 1 of 2 sent; slack #ops: refused: The channel is archived",
    told: [
      "slack #ops: refused (delivery post1)",
      "attempt 1 (process 41 on vm-1): refused after 2.0 s: The channel is archived.",
    ],
    // By the file as it is once it is corrected: the old channel stays refused.
    commands: ["lookpost retry run1", "lookpost retry run1 --failed-only"],
  },
  {
    name: "several deliveries failed",
    make: async (ledger) => {
      await delivering(ledger, [EMAIL, SLACK]);
      await settle(ledger, "mail1", ended("refused", "550 No such user."));
      await settle(ledger, "post1", ended("refused", "The channel is archived."));
    },
    listed: "failed 49 0 of 2 sent; email ops@example.com: refused: 550 No such user; and 1 more",
    told: ["email ops@example.com: refused", "slack #ops: refused"],
    commands: ["lookpost retry run1", "lookpost retry run1 --failed-only"],
  },
  {
    name: "given up",
    make: async (ledger) => {
      await delivering(ledger);
      await settle(ledger, "mail1", { ...waits("again", "451 try later."), nextAt: at(2) } as Settlement);
      await settle(ledger, "mail1", ended("gave_up", "451 try later. It was given up."), 2);
    },
    listed: "failed 49 0 of 1 sent; email ops@example.com: given up: 451 try later. It was given up",
    told: ["email ops@example.com: given up (delivery mail1)"],
    commands: ["lookpost retry run1 --failed-only", "lookpost retry run1"],
  },
  {
    name: "nobody knows whether it was delivered",
    make: async (ledger) => {
      await delivering(ledger);
      await settle(ledger, "mail1", ended("unknown", "The connection was lost after the final dot."));
    },
    listed: "partly failed 49 0 of 1 sent; email ops@example.com: unknown: it may have been delivered",
    told: [
      "unknown: it may have been delivered",
      "Check there first; if it is missing, `lookpost resend mail1`.",
    ],
    commands: ["lookpost resend mail1"],
  },
  {
    name: "failed, and its owner told",
    make: async (ledger) => {
      await failed(ledger);
      await ledger.planNotices("run1", "failed", [NOTICE], at(0, 3));
      await settle(ledger, "note1", SENT);
    },
    listed: "failed – There is no Look 42; notified: owner@example.com",
    told: [
      "state failed: There is no Look 42; notified: owner@example.com",
      "advice Correct `look:`.",
      "email owner@example.com: notice that the run failed: sent",
      "ended: failed",
    ],
    commands: ["lookpost retry run1"],
  },
  {
    name: "failed, and the owner could not be told",
    make: async (ledger) => {
      await failed(ledger);
      await ledger.planNotices("run1", "failed", [NOTICE], at(0, 3));
      await settle(ledger, "note1", ended("refused", "550 no such user."));
    },
    listed: "failed – There is no Look 42; the notice to owner@example.com: refused: 550 no such user",
    told: ["notice that the run failed: refused (delivery note1)"],
    commands: ["lookpost retry run1", "lookpost resend note1"],
  },
  {
    name: "late, and its owner told",
    make: async (ledger) => {
      await claim(ledger, { expectAt: at(2) });
      await ledger.planNotices("run1", "late", [NOTICE], at(2));
      await settle(ledger, "note1", SENT);
    },
    listed: "planned – for the next free worker; late: it was expected by 08:02; notified: owner@example.com",
    told: ["email owner@example.com: notice that it is late: sent"],
    commands: ["lookpost cancel run1"],
  },
  {
    name: "cancelled before it began",
    make: async (ledger) => {
      await claim(ledger);
      await ledger.cancelRun("run1", "A person cancelled it.", at(2));
    },
    listed: "cancelled – A person cancelled it",
    told: ["2026-11-16 08:02:00 ended: cancelled"],
    commands: ["lookpost retry run1"],
  },
  {
    name: "cancelled while it ran",
    make: async (ledger) => {
      await claim(ledger);
      await ledger.takeRun("run1", SERVICE, at(0, 1));
      const end = { state: "cancelled", reason: "A person cancelled it.", advice: null } as const;
      await ledger.endRun({ id: "run1", attempt: 1 }, end, at(2));
    },
    listed: "cancelled – A person cancelled it",
    told: ["attempt 1 (process 41 on vm-1): cancelled after 1 min 59 s"],
    commands: ["lookpost retry run1"],
  },
  {
    name: "cancelled with a delivery not yet sent",
    make: async (ledger) => {
      await delivering(ledger);
      await ledger.cancelRun("run1", "A person cancelled it.", at(2));
    },
    listed: "cancelled 49",
    told: ["email ops@example.com: cancelled before it was sent (delivery mail1)"],
    commands: ["lookpost retry run1 --failed-only", "lookpost retry run1"],
  },
  {
    name: "missed",
    make: (ledger) => heard(ledger, "missed", "The worker was not running."),
    listed: "missed – The worker was not running",
    told: ["found missed", "ended: missed"],
    commands: ["lookpost retry run1"],
  },
  {
    name: "skipped since it was paused",
    make: async (ledger) => {
      await ledger.pause("weekly", "holidays", at(-30));
      await heard(ledger, "skipped", "The report is paused: holidays.");
    },
    listed: "skipped – The report is paused: holidays",
    told: ["weekly has been paused since 07:30: holidays. `lookpost resume weekly` ends the pause."],
    commands: ["lookpost resume weekly", "lookpost retry run1"],
  },
  {
    name: "skipped since its condition said no",
    make: async (ledger) => {
      await claim(ledger);
      await ledger.takeRun("run1", SERVICE, at(0, 1));
      const end = { state: "skipped", reason: "No rows.", advice: null } as const;
      await ledger.endRun({ id: "run1", attempt: 1 }, end, at(0, 3));
    },
    listed: "skipped – No rows",
    told: ["attempt 1 (process 41 on vm-1): done after 2.0 s", "ended: skipped"],
    commands: ["lookpost retry run1"],
  },
  {
    name: "skipped since its recipients have unsubscribed",
    make: async (ledger) => {
      await delivering(ledger);
      const advice = "`lookpost recipients` lists them.";
      await settle(ledger, "mail1", {
        state: "unsubscribed",
        reason: "All of its recipients have unsubscribed.",
        advice,
        bytes: null,
      });
    },
    listed: "skipped 49 All of its recipients have unsubscribed",
    told: ["All of its recipients have unsubscribed", "ended: skipped"],
    commands: ["lookpost recipients"],
  },
  {
    name: "a trial whose command died",
    make: async (ledger) => {
      await ledger.signIn("laptop:7:c", "command", at(0));
      await claim(ledger, { kind: "trial", burst: "manual 1", trigger: "manual", reservedFor: "laptop:7:c" });
      await ledger.takeRun("run1", "laptop:7:c", at(0, 1));
    },
    listed: "interrupted (trial) –",
    told: ["started by a person, as a trial", "ended: interrupted"],
    commands: ["lookpost run weekly --due 2026-11-16T13:00Z --dry-run"],
  },
  {
    name: "caught up",
    make: async (ledger) => {
      await claim(ledger, { trigger: "catch_up" });
      await ledger.takeRun("run1", SERVICE, at(0, 1));
      await ledger.planDeliveries({ id: "run1", attempt: 1 }, [EMAIL], 49, at(0, 3));
      await settle(ledger, "mail1", SENT);
    },
    listed: "delivered 49 1 of 1 sent; caught up",
    told: ["started by its schedule, as a catch-up", "claimed later, as a catch-up"],
    commands: [],
  },
];
