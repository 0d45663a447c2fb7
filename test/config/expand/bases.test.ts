import { expect, test } from "vitest";
import { HEAD, problemsOf, read, readFiles } from "../file.ts";

const withBases = (bases: string, report: string) => `${HEAD}bases:\n${bases}reports:\n  weekly: ${report}\n`;
const WEEKLY =
  '  weekly: { schedule: "0 8 * * mon", owner: data@example.com, deliver: [{ email: a@example.com }] }\n';

function only(text: string) {
  const { config, problems } = read(text);
  expect(problems).toEqual([]);
  return config?.reports[0];
}

test("a report has all of its base but for what it says itself", () => {
  expect(only(withBases(WEEKLY, "{ extends: weekly, look: 42, owner: me@example.com }"))).toEqual(
    only(
      `${HEAD}reports:\n  weekly: { look: 42, owner: me@example.com, schedule: "0 8 * * mon", deliver: [{ email: a@example.com }] }\n`,
    ),
  );
});

test("mappings are merged key by key, and lists and values replaced", () => {
  const base = `  b:
    schedule: { cron: "0 8 * * mon", timezone: Asia/Tokyo }
    filters: { a.b: one, a.c: two }
    deliver: [{ email: a@example.com }, { email: b@example.com }]
`;
  const found = only(
    withBases(
      base,
      '{ extends: b, look: 1, schedule: { cron: "0 9 * * *" }, filters: { a.c: three, a.d: four }, deliver: [{ email: c@example.com }] }',
    ),
  );
  expect(found?.schedule).toEqual({ cron: "0 9 * * *", timezone: "Asia/Tokyo" });
  expect(found?.sections[0]?.filters).toEqual({ "a.b": "one", "a.c": "three", "a.d": "four" });
  expect(found?.deliver).toHaveLength(1);
});

test("of several bases each is laid over those before it, and a base may have bases", () => {
  const bases = `${WEEKLY}  loud: { extends: weekly, owner: loud@example.com, expect_by: "09:00" }
  late: { expect_by: "10:00", lead: none }
`;
  expect(only(withBases(bases, "{ extends: [loud, late], look: 42 }"))).toMatchObject({
    owner: "loud@example.com",
    expectBy: "10:00",
    hasLead: false,
  });
});

test("a content of its own replaces that of the base, and so does a destination of on_failure", () => {
  const base = `  b: { schedule: "0 8 * * mon", look: 42, on_failure: { slack: "#ops" }, deliver: [{ email: a@example.com }] }\n`;
  const found = only(
    withBases(
      base,
      "{ extends: b, sections: [{ look: 1 }, { look: 2 }], on_failure: { email: b@example.com } }",
    ),
  );
  expect(found?.sections).toHaveLength(2);
  expect(found?.onFailure.map(({ destination }) => destination.kind)).toEqual(["email"]);
});

test("a mistake in a base is found through the reports that extend it, once, where it is written", () => {
  const text = `${HEAD}bases:\n  b: { titel: x }\nreports:
  one: { extends: b, look: 1, schedule: "0 8 * * mon", deliver: [{ email: a@example.com }] }
  two: { extends: b, look: 1, schedule: "0 8 * * mon", deliver: [{ email: a@example.com }] }\n`;
  expect(problemsOf(text)).toEqual(['6:8 unknown key "titel"']);
});

test("what a report and its bases lack is told at the report", () => {
  expect(problemsOf(withBases("  b: { look: 42 }\n", "{ extends: b }"))).toEqual([
    "8:3 schedule is missing",
    "8:3 deliver is missing",
  ]);
});

const FULL = 'look: 42, schedule: "0 8 * * mon", deliver: [{ email: a@example.com }]';

test.each([
  [WEEKLY, `{ extends: wekly, ${FULL} }`, '8:22 there is no base "wekly"'],
  [WEEKLY, `{ extends: [weekly, wekly], ${FULL} }`, '8:31 there is no base "wekly"'],
  ["  a: { extends: b }\n", `{ extends: a, ${FULL} }`, '6:17 there is no base "b"'],
  ["  a: { extends: a }\n", `{ extends: a, ${FULL} }`, "6:17 these bases extend each other: a extends a"],
  [
    "  a: { extends: b }\n  b: { extends: a }\n",
    `{ extends: a, ${FULL} }`,
    "7:17 these bases extend each other: a extends b extends a",
  ],
  ["  a: [1]\n", `{ extends: a, ${FULL} }`, "6:3 a base has to be a mapping; it is a list"],
  [WEEKLY, `{ extends: 3, ${FULL} }`, "8:22 extends names a base; it is a number"],
  [WEEKLY, `{ extends: {}, ${FULL} }`, "8:22 extends names a base; it is a mapping"],
])("bases:\n%s %s", (bases, report, expected) => {
  expect(problemsOf(withBases(bases, report))).toEqual([expected]);
});

test("an unknown base is told with what may have been meant", () => {
  expect(read(withBases(WEEKLY, `{ extends: wekly, ${FULL} }`)).problems[0]?.advice).toBe(
    'Did you mean "weekly"?',
  );
  expect(read(`${HEAD}reports:\n  a: { extends: b, ${FULL} }\n`).problems[0]?.advice).toBe(
    "Write it at the top level of the file: bases: { b: {…} }.",
  );
});

test("five bases on top of each other are read, six are not", () => {
  const chain = (length: number) =>
    Array.from({ length }, (_, index) =>
      index + 1 < length ? `  b${index}: { extends: b${index + 1} }\n` : `  b${index}: { lead: none }\n`,
    ).join("");
  expect(problemsOf(withBases(chain(5), `{ extends: b0, ${FULL} }`))).toEqual([]);
  expect(problemsOf(withBases(chain(6), `{ extends: b0, ${FULL} }`))).toEqual([
    expect.stringContaining("6:18 bases are nested more than 5 deep: b0 extends b1"),
  ]);
  expect(problemsOf(withBases(chain(5_000), `{ extends: b0, ${FULL} }`))).toEqual([
    "6:18 bases are nested more than 5 deep: b0 extends b1 extends b2 extends b3 extends b4 extends b5",
  ]);
  const fromBelow = withBases(chain(6), `{ extends: [b1, b0], ${FULL} }`);
  expect(problemsOf(fromBelow)).toEqual(["6:18 bases are nested more than 5 deep below b0"]);
});

test("bases of bases of bases do not multiply", () => {
  const names = Array.from({ length: 10 }, (_, index) => index);
  const levels = names
    .slice(0, 4)
    .flatMap((level) =>
      names.map(
        (index) =>
          `  l${level}-${index}: { extends: [${names.map((one) => `l${level + 1}-${one}`).join(", ")}] }\n`,
      ),
    );
  const last = names.map((index) => `  l4-${index}: { filters: { a.b${index}: x } }\n`);
  const found = only(withBases([...levels, ...last].join(""), `{ extends: l0-0, ${FULL} }`));
  expect(Object.keys(found?.sections[0]?.filters ?? {})).toHaveLength(10);
});

test("a base that no report of any file extends is noted", () => {
  const bases = "bases: { used: { lead: none }, spare: { lead: none } }\n";
  const { config, problems } = readFiles(`${HEAD}${bases}include: a.yaml\n`, {
    "a.yaml": `reports:\n  a: { extends: used, ${FULL} }\n`,
  });
  expect(problems).toEqual([]);
  expect(config?.notes.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
    '5:32 no report extends "spare"',
  ]);
});

test("a file's own base takes the place of one of the main file, for it alone", () => {
  const bases = "bases: { b: { owner: main@example.com, lead: none } }\n";
  const { config } = readFiles(
    `${HEAD}${bases}include: a.yaml\nreports:\n  main: { extends: b, ${FULL} }\n`,
    {
      "a.yaml": `bases: { b: { owner: team@example.com } }\nreports:\n  a: { extends: b, ${FULL} }\n`,
    },
  );
  expect(config?.reports.map(({ owner, hasLead }) => [owner, hasLead])).toEqual([
    ["main@example.com", false],
    ["team@example.com", true],
  ]);
});
