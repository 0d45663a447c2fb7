import { expect, test } from "vitest";
import { interpolate, namedVariables, writtenParts } from "../../../src/config/yaml/interpolate.ts";

const sources = {
  env: { NAME: "value", EMPTY: "", OTHER: "${NAME}", LOOKER_CLIENT_ID: "id" },
  readFile: (path: string) => {
    if (path === "/secret") return "one\ntwo\r\n\n";
    if (path === "/large") return "x".repeat(70_000);
    throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
  },
};
const text = (written: string) => interpolate(written, sources).text;
const problems = (written: string) => interpolate(written, sources).problems.map(({ message }) => message);

test.each([
  ["no reference", "no reference"],
  ["${NAME}", "value"],
  ["a ${NAME} b ${NAME}", "a value b value"],
  ["${UNSET:-default}", "default"],
  ["${EMPTY:-default}", "default"],
  ["${NAME:-default}", "value"],
  ["${UNSET:-}", ""],
  ["${UNSET:-a:-b}", "a:-b"],
  ["$${NAME}", "${NAME}"],
  ["$NAME costs 5$", "$NAME costs 5$"],
  ["${OTHER}", "${NAME}"],
  ["${file:/secret}", "one\ntwo"],
])("%j becomes %j", (written, filled) => {
  expect(text(written)).toBe(filled);
  expect(problems(written)).toEqual([]);
});

test.each([
  ["${UNSET}", "the environment variable UNSET is not set"],
  ["${EMPTY}", "the environment variable EMPTY is empty"],
  ["${}", '"${}" is not a reference'],
  ["${two words}", '"${two words}" is not a reference'],
  ["${NAME:?required}", '"${NAME:?required}" is not a reference'],
  ["${NAME", '"${NAME" has no closing brace, or contains another one'],
  ["${file:/denied}", "the file /denied cannot be read: permission denied"],
  ["${file:/large}", "the file /large has more than 65536 characters"],
])("%j stays as it is and is a problem", (written, message) => {
  expect(text(written)).toBe(written);
  expect(problems(written)).toEqual([message]);
});

test("every reference of a text is a problem, and a near name is suggested", () => {
  expect(problems("${A} ${NAME} ${B}")).toHaveLength(2);
  expect(interpolate("${LOOKER_CLIENTID}", sources).problems[0]?.advice).toMatch(
    /^Did you mean "LOOKER_CLIENT_ID"\?/,
  );
});

test("what is written in the file itself can be told from what is not", () => {
  expect(writtenParts("Bearer ${TOKEN:-abc} $${x}")).toEqual({ literal: "Bearer  ${x}", defaults: ["abc"] });
  expect(writtenParts("${TOKEN:-}")).toEqual({ literal: "", defaults: [] });
});

test.each([
  ["LOOKER_CLIENT_SECRET", "LOOKER_CLIENT_ID"],
  ["SMTP_URL", "SMTP_USER"],
  ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"],
  ["API_KEY", "API_URL"],
])("for an unset %s, %s is not what was meant", (name, other) => {
  const { problems } = interpolate(`\${${name}}`, { ...sources, env: { [other]: "x" } });
  expect(problems[0]?.advice).toBe(
    `Set it before starting (export ${name}=…), or give a default: \${${name}:-default}.`,
  );
});

test.each([
  ["LOOKER_CLIENT_SECRT", "LOOKER_CLIENT_SECRET"],
  ["SLACK_BT_TOKEN", "SLACK_BOT_TOKEN"],
  ["looker_client_secret", "LOOKER_CLIENT_SECRET"],
  ["SMTPURL", "SMTP_URL"],
])("for an unset %s, %s may be meant, unless the file names that too", (name, other) => {
  const env = { [other]: "x" };
  const advice = (named: readonly string[]) =>
    interpolate(`\${${name}}`, { ...sources, env, named: new Set(named) }).problems[0]?.advice;
  expect(advice([name])).toContain(`Did you mean "${other}"?`);
  expect(advice([name, other])).not.toContain("Did you mean");
});

test("the variables that a text names are found in defaults and files too", () => {
  expect([...namedVariables("a: ${ONE}, b: ${TWO:-x}, c: $${THREE}, d: ${file:/x}")]).toEqual(
    expect.arrayContaining(["ONE", "TWO"]),
  );
});
