import { expect, test } from "vitest";
import { formatProblems } from "../../../src/config/index.ts";
import { HEAD, problemsOf, read, withReport } from "../file.ts";

const DAY_MS = 86_400_000;

function reportOf(lines: string, defaults = "") {
  const head = defaults === "" ? HEAD : `${HEAD}defaults: ${defaults}\n`;
  const { config, problems } = read(withReport(lines, head));
  expect(problems).toEqual([]);
  return config?.reports[0];
}

test("a report says what becomes of missed ticks, failures and unknown deliveries", () => {
  expect(
    reportOf("catch_up: all\nretry: { tries: 3, over: 1d }\non_unknown: resend\nexpect_by: 09:30"),
  ).toMatchObject({
    catchUp: "all",
    retry: { triesMax: 3, overMs: DAY_MS },
    onUnknown: "resend",
    expectBy: "09:30",
  });
});

test("what it leaves out is as in defaults, each key of retry by itself", () => {
  const defaults =
    '{ catch_up: none, retry: { tries: 9, over: 30m }, on_unknown: resend, expect_by: "07:00", on_failure: { slack: "#data-ops" } }';
  const slack = [{ destination: { kind: "slack", options: "#data-ops" }, attach: [] }];
  expect(reportOf("", defaults)).toMatchObject({
    catchUp: "none",
    retry: { triesMax: 9, overMs: 1_800_000 },
    onUnknown: "resend",
    expectBy: "07:00",
    onFailure: slack,
  });
  expect(
    reportOf(
      "catch_up: latest\nretry: { over: 1h }\non_unknown: hold\nexpect_by: none\non_failure: []",
      defaults,
    ),
  ).toMatchObject({
    catchUp: "latest",
    retry: { triesMax: 9, overMs: 3_600_000 },
    onUnknown: "hold",
    expectBy: null,
    onFailure: [],
  });
});

test("retry: none is one try, and a mapping tries again where defaults do not", () => {
  expect(reportOf("retry: none", "{ retry: { tries: 9 } }")?.retry).toEqual({ triesMax: 1, overMs: 0 });
  expect(reportOf("", "{ retry: none }")?.retry).toEqual({ triesMax: 1, overMs: 0 });
  expect(reportOf("retry: { tries: 2 }", "{ retry: none }")?.retry).toEqual({
    triesMax: 2,
    overMs: 7_200_000,
  });
});

test("on_failure is one destination or several, each with its own options", () => {
  const lines = `on_failure:
  - slack: "#data-ops"
  - email: { to: ops@example.com, subject: It failed }`;
  expect(reportOf(lines)?.onFailure).toEqual([
    { destination: { kind: "slack", options: "#data-ops" }, attach: [] },
    {
      destination: { kind: "email", options: { to: ["ops@example.com"], subject: "It failed" } },
      attach: [],
    },
  ]);
});

test("on_failure may go where the report goes", () => {
  expect(reportOf("on_failure: { email: ops@example.com }")?.onFailure).toHaveLength(1);
});

test("a path below on_failure leads to its place, be it single, in a list, or in defaults", () => {
  const place = (lines: string, head = HEAD) => {
    const found = read(withReport(lines, head)).config?.locate({
      message: "",
      advice: null,
      path: ["reports", "weekly", "on_failure", 0, "slack"],
    });
    return found ? `${found.line}:${found.column}` : null;
  };
  expect(place('on_failure: { slack: "#data-ops" }')).toBe("7:26");
  expect(place('on_failure: [{ slack: "#data-ops" }]')).toBe("7:27");
  expect(place("", `${HEAD}defaults: { on_failure: { slack: "#data-ops" } }\n`)).toBe("5:34");
  expect(place("", `${HEAD}defaults: { on_failure: [{ slack: "#data-ops" }] }\n`)).toBe("5:35");
});

test.each([
  ["400d", { historyMs: 400 * DAY_MS, filesMs: 7 * DAY_MS }],
  ["{ history: 90d }", { historyMs: 90 * DAY_MS, filesMs: 7 * DAY_MS }],
  ["{ files: 36h }", { historyMs: 400 * DAY_MS, filesMs: 1.5 * DAY_MS }],
  ["{ history: 7d, files: 7d }", { historyMs: 7 * DAY_MS, filesMs: 7 * DAY_MS }],
])("keep: %s", (written, keep) => {
  expect(read(withReport("", `${HEAD}keep: ${written}\n`)).config?.keep).toEqual(keep);
});

test.each([
  ["8080", { host: "127.0.0.1", port: 8080, url: null }],
  ["{ port: 8080 }", { host: "127.0.0.1", port: 8080, url: null }],
  ["{ port: 0, host: 0.0.0.0 }", { host: "0.0.0.0", port: 0, url: null }],
  ['{ port: "${PORT}", host: "[::1]" }', { host: "::1", port: 19_999, url: null }],
  ["${PORT}", { host: "127.0.0.1", port: 19_999, url: null }],
  [
    "{ port: 8080, url: https://reports.example.com/ }",
    { host: "127.0.0.1", port: 8080, url: "https://reports.example.com" },
  ],
  [
    "{ port: 8080, url: https://example.com/reports// }",
    { host: "127.0.0.1", port: 8080, url: "https://example.com/reports" },
  ],
  [
    '{ port: 8080, url: "http://127.0.0.1:${PORT}" }',
    { host: "127.0.0.1", port: 8080, url: "http://127.0.0.1:19999" },
  ],
])("server: %s", (written, server) => {
  expect(read(withReport("", `${HEAD}server: ${written}\n`)).config?.server).toEqual(server);
});

test("a heartbeat may be in the file, and is hidden wherever it is shown, its path and the id in it too", () => {
  const url = "https://hc-ping.com/5c0de-is-a-secret";
  const { config } = read(withReport("", `${HEAD}heartbeat: ${url}\n`));
  expect(config?.heartbeat).toBe(url);
  expect(config?.secrets).toEqual(expect.arrayContaining([url, "/5c0de-is-a-secret"]));
  const deeper = `https://example.com/notifications/${url.slice(-17)}?key=0123456789ab&on=yes`;
  const secrets = read(withReport("", `${HEAD}heartbeat: ${deeper}\n`)).config?.secrets;
  expect(secrets).toEqual(expect.arrayContaining([deeper, "5c0de-is-a-secret", "0123456789ab"]));
  expect(secrets).not.toContain("notifications");
  const broken = read(withReport("", `${HEAD}heartbeat: ${url}#1\n`));
  expect(broken.problems.map(({ message }) => message)).toEqual([
    "heartbeat has a # in it: what follows it is never sent",
  ]);
  expect(formatProblems(broken.problems, { color: false })).not.toContain("5c0de");
});

test("a broken defaults.on_failure is told once, however many reports use it", () => {
  const head = `${HEAD}defaults: { on_failure: { email: nobody } }\n`;
  const text = `${withReport("", head)}  daily: { schedule: "0 8 * * *", look: 1, deliver: [{ slack: "#ops" }] }\n`;
  expect(problemsOf(text)).toEqual(['5:34 "nobody" is not an address: write name@example.com']);
});
