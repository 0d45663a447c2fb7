import type { Sandbox } from "../src/sandbox/index.ts";

/** Looker, SMTP and Slack as they are on a bad day: every so often something fails, each in its own ways. */
export function addNuisances({ looker, smtp, slack }: Sandbox): void {
  looker.faults.add({ kind: "status", status: 503, on: "create_query_task", times: 10 });
  looker.faults.add({ kind: "status", status: 429, retryAfter: 1, on: "query_task", times: 10 });
  looker.faults.add({ kind: "drop", on: "query_task_results", times: 10 });
  looker.faults.add({ kind: "drop_mid_body", afterBytes: 200, on: "query_task_results", times: 10 });
  looker.faults.add({ kind: "false_expired", times: 10 });
  looker.faults.add({ kind: "forgotten", times: 5 });
  looker.faults.add({ kind: "token_expired", times: 5 });
  smtp.faults.add({ at: "rcpt", refuse: 451, recipient: "ben@example.com", times: 10 });
  smtp.faults.add({ at: "data", refuse: 451, times: 10 });
  smtp.faults.add({ at: "body", drop: true, times: 5 });
  smtp.faults.add({ at: "end", drop: true, times: 5 });
  slack.faults.add({ method: "chat.postMessage", status: 429, retryAfterS: 1, times: 10 });
  slack.faults.add({ method: "chat.postMessage", error: "internal_error", when: "after", times: 5 });
  slack.faults.add({ method: "chat.postMessage", error: "internal_error", when: "before", times: 5 });
  slack.faults.add({ method: "chat.postMessage", drop: true, when: "after", times: 5 });
  slack.faults.add({ method: "chat.postMessage", status: 200, times: 3 });
}

export function clearNuisances({ looker, smtp, slack }: Sandbox): void {
  looker.faults.clear();
  smtp.faults.clear();
  slack.faults.clear();
}
