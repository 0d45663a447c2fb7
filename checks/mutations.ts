/** A line that "nothing lost, nothing twice" hangs on, and what it becomes when it is broken. */
export interface Mutation {
  readonly file: string;
  /** What the break does, in a few words. */
  readonly what: string;
  /** Part of a line, or several lines, as they are in the file: exactly once. */
  readonly line: string;
  readonly becomes: string;
  /** Fast tests, one of which has to fail. */
  readonly tests: readonly string[];
}

const DELIVERY = ["test/worker/delivery"];
const LEDGER = ["test/ledger/sqlite"];

export const MUTATIONS: readonly Mutation[] = [
  {
    file: "src/worker/delivery/send-once.ts",
    what: "sends though the ledger refused the commit",
    line: 'if (!isOurs) throw new ReportError("Another worker has it.", { code: "cancelled", retryable: true });',
    becomes: "void isOurs;",
    tests: DELIVERY,
  },
  {
    file: "src/worker/delivery/send-once.ts",
    what: "forgets that it has committed",
    line: "state.isCommitted = true;",
    becomes: "",
    tests: DELIVERY,
  },
  {
    file: "src/worker/delivery/send-once.ts",
    what: "sends what may have arrived without looking it up",
    line: "delivery.isUncertain ? await lookUp(context, found, prepared, terms) : null",
    becomes: "null",
    tests: DELIVERY,
  },
  {
    file: "src/worker/delivery/send-once.ts",
    what: "makes again and again what its workers die of",
    line: "if (await isHopeless(delivery, worker)) return hopeless(context);",
    becomes: "",
    tests: DELIVERY,
  },
  {
    file: "src/worker/delivery/settlement.ts",
    what: "calls refused what an earlier attempt may have delivered",
    line: `  if (delivery.isUncertain)
    return { state: "unknown", reason: \`\${MAY_HAVE_ARRIVED} before: \${reason}\`, advice, bytes };
`,
    becomes: "",
    tests: DELIVERY,
  },
  {
    file: "src/worker/delivery/settlement.ts",
    what: "calls given up what may have arrived",
    line: `  if (delivery.isUncertain)
    return { state: "unknown", reason: words, advice: resendAdvice(context, advice), bytes: null };
`,
    becomes: "",
    tests: DELIVERY,
  },
  {
    file: "src/worker/delivery/tries.ts",
    what: "lets a report's next tick overtake the notice of a failure",
    line: "return { policy, since, nextTick: null };",
    becomes: "return { ...budgetOf(report, run, since, worker), policy };",
    tests: DELIVERY,
  },
  {
    file: "src/worker/delivery/settlement.ts",
    what: "asks those again who have it",
    line: "served = { externalId, remaining,",
    becomes: "served = { externalId, remaining: delivery.remaining ?? [],",
    tests: DELIVERY,
  },
  {
    file: "src/worker/delivery/send-once.ts",
    what: "believes a destination that has not committed",
    line: '!state.isCommitted && (outcome.kind === "sent" || outcome.kind === "unknown")',
    becomes: "false",
    tests: DELIVERY,
  },
  {
    file: "src/core/rules/same-entry.ts",
    what: "takes one of several changed entries for another",
    line: "rivals.length === 1 && indexes.length === 1 && rival !== undefined",
    becomes: "rival !== undefined && indexes.length > 0",
    tests: DELIVERY,
  },
  {
    file: "src/worker/delivery/server.ts",
    what: "opens one circuit for all servers of a kind",
    line: "const name = `${kind} ${redact(server)}`;",
    becomes: "const name = kind;",
    tests: DELIVERY,
  },
  {
    file: "src/worker/process/lease.ts",
    what: "goes on after it stood still",
    line: "if (awayMs > HOLD_AFTER_MS) throw standstill();",
    becomes: "",
    tests: ["test/worker/process"],
  },
  {
    file: "src/worker/process/lease.ts",
    what: "goes on under a name that was taken for dead",
    line: "held.lost.abort(takenForDead());",
    becomes: "",
    tests: ["test/worker/process"],
  },
  {
    file: "src/worker/schedule/claim-ticks.ts",
    what: "takes ticks for its own that another replica claimed",
    line: "if (runs.length < rowsOf(claims)) isAllOurs = false;",
    becomes: "",
    tests: ["test/worker/schedule"],
  },
  {
    file: "src/ledger/verbs/ticks.ts",
    what: "claims by a promise that was kept already",
    line: "WHERE (report, next_at) IN (SELECT v.report, v.promised FROM ${table})",
    becomes: "WHERE report IN (SELECT v.report FROM ${table})",
    tests: LEDGER,
  },
  {
    file: "src/ledger/verbs/runs.ts",
    what: "takes a run while an older one of its report is under way",
    line: " AND NOT ${IS_BEHIND_ANOTHER} RETURNING *",
    becomes: " RETURNING *",
    tests: LEDGER,
  },
  {
    file: "src/ledger/verbs/deliveries.ts",
    what: "takes a delivery that is reserved for another",
    line: "AND (d.reserved_for IS NULL OR d.reserved_for = ?) AND ${IS_TO_BE_MADE}",
    becomes: "AND (? <> '') AND ${IS_TO_BE_MADE}",
    tests: LEDGER,
  },
  {
    file: "src/ledger/verbs/deliveries.ts",
    what: "commits for an attempt that was overtaken",
    line: "AND state = 'sending' AND attempts = ?${dialect.forUpdate}",
    becomes: "AND state = 'sending' AND ? > 0${dialect.forUpdate}",
    tests: LEDGER,
  },
  {
    file: "src/ledger/verbs/deliveries.ts",
    what: "commits what is no longer being sent",
    line: "WHERE id = ? AND state = 'sending' AND attempts = ?",
    becomes: "WHERE id = ? AND attempts = ?",
    tests: LEDGER,
  },
  {
    file: "src/ledger/verbs/settle.ts",
    what: "settles by an attempt that was overtaken",
    line: "if (delivery.attempts !== attempt.attempt) return false;",
    becomes: "",
    tests: LEDGER,
  },
  {
    file: "src/ledger/verbs/settle.ts",
    what: "settles twice",
    line: 'if (delivery.state === "sending") return true;',
    becomes: "return true;",
    tests: LEDGER,
  },
  {
    file: "src/ledger/verbs/free.ts",
    what: "takes for certain what a dead worker had committed",
    line: "sending.isUncertain || (begun?.committedAt ?? null) !== null",
    becomes: "sending.isUncertain",
    tests: LEDGER,
  },
  {
    file: "src/core/rules/retry.ts",
    what: "tries beyond the report's next tick",
    line: "if (nextTick !== null && at >= nextTick)",
    becomes: "if (nextTick !== null && at < since)",
    tests: ["test/core/rules"],
  },
  {
    file: "src/core/rules/retry.ts",
    what: "gives up a last try that comes a little late",
    line: "since.getTime() + policy.overMs + OVERTIME_MS",
    becomes: "since.getTime() + policy.overMs",
    tests: ["test/core/rules"],
  },
  {
    file: "src/core/rules/retry.ts",
    what: "comes back before the server allows it",
    line: "Math.max(waitMs, askedMs)",
    becomes: "waitMs",
    tests: ["test/core/rules"],
  },
  {
    file: "src/worker/run/make.ts",
    what: "leaves what a killed worker left half-made",
    line: "if (!isMoved) await rm(spool.directory, { recursive: true, force: true });",
    becomes: "",
    tests: ["test/worker/message"],
  },
  {
    file: "src/render/csv/recoder.ts",
    what: "loses an empty last cell",
    line: "if (this.#cell > 0) this.#writeCell(at, at, true);",
    becomes: "",
    tests: ["test/render/csv"],
  },
  {
    file: "src/deliver/email/outcome.ts",
    what: "takes for unsent what the server may have after the final dot",
    line: 'if (stage === "complete") {',
    becomes: "if (stage === null) {",
    tests: ["test/deliver/email"],
  },
  {
    file: "src/deliver/email/answers.ts",
    what: "sends a message once more over another connection though it may be out",
    line: 'if (stage !== "envelope") return false;',
    becomes: "",
    tests: ["test/deliver/email/sessions.test.ts"],
  },
  {
    file: "src/worker/delivery/send-once.ts",
    what: "has a server that answers now and then use up the tries of all that wait for it",
    line: "if (wait !== null) return untilBack(found.server, wokenInVain(after, wait, outcome.reason));",
    becomes: "void [wait, wokenInVain];",
    tests: DELIVERY,
  },
  {
    file: "src/worker/process/circuits.ts",
    what: "leaves what waits for a server asleep though it answers",
    line: "if (openUntil !== null) await known.close(name);",
    becomes: "if (openUntil !== null) await known.save(closedCircuit(name));",
    tests: DELIVERY,
  },
];
