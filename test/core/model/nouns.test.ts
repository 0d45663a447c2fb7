import { expect, test } from "vitest";
import { ReportError, toReportError } from "../../../src/core/error.ts";
import { reasonToSkip } from "../../../src/core/model/report.ts";
import { distinctLabels } from "../../../src/core/model/table.ts";
import { didYouMean, nearest } from "../../../src/core/rules/nearest.ts";
import { bytes, duration, rows } from "../../../src/core/rules/quantity.ts";
import { redact } from "../../../src/core/rules/redact.ts";

test("labels that occur once are kept; repeated ones get their field's name, then a number", () => {
  const fields = [
    { name: "origin.name", label: "Name" },
    { name: "flights.count", label: "Count" },
    { name: "destination.name", label: "Name" },
    { name: "destination.name", label: "Name" },
  ];
  expect(distinctLabels(fields)).toEqual({
    labels: ["Name (origin.name)", "Count", "Name (destination.name)", "Name (destination.name) 2"],
    repeated: ["Name"],
  });
});

test("a made label never takes one that exists already", () => {
  const fields = ["A", "A", "A 2"].map((label) => ({ name: label, label }));
  expect(new Set(distinctLabels(fields).labels).size).toBe(3);
});

test("nearest finds misspellings and parts, best first, and nothing for nonsense", () => {
  const fields = ["flights.count", "flights.average_delay", "flights.date_week"];
  expect(nearest("flights.coutn", fields)).toEqual(["flights.count"]);
  expect(nearest("DE", ["de", "en", "es"])).toEqual(["de"]);
  expect(nearest("delay", fields)).toEqual(["flights.average_delay"]);
  expect(didYouMean("zzzzzz", fields)).toBe("");
  expect(didYouMean("LOOKER_BASE_URL", ["_", "A"])).toBe("");
  expect(didYouMean("flights.cont", fields)).toBe(' Did you mean "flights.count"?');
});

test("a secret is hidden in plain, in a URL and in base64; a short word is not a secret worth a text", () => {
  const secret = "p@ss/wörd";
  const text = `a ${secret} b ${encodeURIComponent(secret)} c ${Buffer.from(secret).toString("base64")} d abc`;
  expect(redact(text, [secret, "abc"])).toBe("a [hidden] b [hidden] c [hidden] d abc");
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [18_000_000, "18 MB"],
  [1_234_567, "1.2 MB"],
  [999_999, "1 MB"],
  [1_100_000_000, "1.1 GB"],
])("%d bytes read %s", (number, words) => expect(bytes(number)).toBe(words));

test.each([
  [950, "0.9 s"],
  [59_990, "1 min 0 s"],
  [83_000, "1 min 23 s"],
  [4_000_000, "1 h 6 min"],
])("%d ms read %s", (ms, words) => expect(duration(ms)).toBe(words));

test("rows are counted in words", () => expect([rows(1), rows(12_431)]).toEqual(["1 row", "12,431 rows"]));

test.each([
  ["always", 0, true],
  ["has_results", 0, false],
  ["has_results", 1, true],
  ["no_results", 1, false],
  ["no_results", 0, true],
] as const)("send_if: %s with %d rows sends: %s", (sendIf, count, sends) => {
  expect(reasonToSkip(sendIf, count) === null).toBe(sends);
});

test("an error keeps its cause and says whether waiting helps; a stranger is told to be reported", () => {
  const cause = new Error("socket hang up");
  const error = new ReportError("Looker cannot be reached", { code: "unavailable", cause });
  expect(error).toMatchObject({ retryable: true, cause });
  expect(toReportError(error)).toBe(error);
  expect(toReportError(new TypeError("x is undefined"))).toMatchObject({
    code: "local",
    retryable: false,
    advice: expect.stringContaining("report it"),
  });
});
