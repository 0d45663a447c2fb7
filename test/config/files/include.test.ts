import { expect, test } from "vitest";
import { formatProblems } from "../../../src/config/index.ts";
import { HEAD, problemsOfFiles, readFiles } from "../file.ts";

const report = (name: string, more = "") =>
  `  ${name}: { schedule: "0 8 * * mon", look: 42, deliver: [{ email: ops@example.com }]${more} }\n`;
const MAIN = `${HEAD}include: [teams/*.yaml]\ndefaults: { timezone: Europe/Berlin, rows: 5 }\n`;

test("reports come from all files, in the order in which they are named", () => {
  const { config, problems } = readFiles(`${MAIN}reports:\n${report("main")}`, {
    "teams/b.yaml": `reports:\n${report("b")}`,
    "teams/a.yaml": `reports:\n${report("a-2")}${report("a-1")}`,
  });
  expect(problems).toEqual([]);
  expect(config?.reports.map(({ name }) => name)).toEqual(["main", "a-2", "a-1", "b"]);
  expect(config?.files).toEqual(["reports.yaml", "teams/a.yaml", "teams/b.yaml"]);
});

test("the main file needs no reports where it includes some; neither does one that includes others", () => {
  const { config, problems } = readFiles(MAIN, {
    "teams/a.yaml": "include: more/*.yaml\n",
    "teams/more/b.yaml": `reports:\n${report("b")}`,
  });
  expect(problems).toEqual([]);
  expect(config?.reports.map(({ name }) => name)).toEqual(["b"]);
  expect(problemsOfFiles(MAIN, { "teams/a.yaml": "defaults: { rows: 3 }\n" })).toEqual([
    "teams/a.yaml:1:1 reports is missing",
  ]);
});

test("defaults of a file hold for it alone, over those of the main file", () => {
  const { config } = readFiles(`${MAIN}reports:\n${report("main")}`, {
    "teams/a.yaml": `defaults: { timezone: Asia/Tokyo }\nreports:\n${report("a")}`,
    "teams/b.yaml": `reports:\n${report("b")}`,
  });
  expect(
    config?.reports.map(({ schedule, sections }) => [schedule.timezone, sections[0]?.rowsShown]),
  ).toEqual([
    ["Europe/Berlin", 5],
    ["Asia/Tokyo", 5],
    ["Europe/Berlin", 5],
  ]);
});

test("on_failure of a file takes the place of that of the main file, whatever its kind", () => {
  const main = `${HEAD}include: a.yaml\ndefaults: { on_failure: { slack: "#ops" } }\n`;
  const { config, problems } = readFiles(main, {
    "a.yaml": `defaults: { on_failure: { email: team@example.com } }\nreports:\n${report("a")}`,
  });
  expect(problems).toEqual([]);
  expect(config?.reports[0]?.onFailure.map(({ destination }) => destination.kind)).toEqual(["email"]);
});

test("a problem is located in the file that it is in, with its line", () => {
  const { problems } = readFiles(MAIN, {
    "teams/a.yaml": `# a comment\nreports:\n${report("a", ", titel: x")}`,
    "teams/b.yaml": `defaults: { timezone: Mars }\nreports:\n${report("b", ', owner: "${NOPE}"')}`,
  });
  const shown = formatProblems(problems, { color: false });
  expect(shown).toContain('teams/a.yaml:3:82: report "a": unknown key "titel"\n  3 |   a: { schedule');
  expect(shown).toContain('teams/b.yaml:1:23: there is no time zone "Mars"\n  1 | defaults: {');
  expect(shown).toContain('teams/b.yaml:3:90: report "b": the environment variable NOPE is not set');
  expect(shown).toContain("3 problems, in 2 reports and outside the reports.");
});

test("what an adapter finds later is located in the file of its report", () => {
  const { config } = readFiles(MAIN, { "teams/a.yaml": `# one\n\nreports:\n${report("a")}` });
  const located = config?.locate({
    path: ["reports", "a", "sections", 0, "look"],
    message: "",
    advice: null,
  });
  expect(located).toMatchObject({ file: "teams/a.yaml", line: 4, report: "a" });
});

test("a secret in an included file is refused and shown nowhere", () => {
  const { problems } = readFiles(MAIN, {
    "teams/a.yaml": `slack: { token: xoxb-1-literal }\nreports:\n${report("a")}`,
  });
  const shown = formatProblems(problems, { color: false }) + JSON.stringify(problems);
  expect(shown).toContain('teams/a.yaml:1:1: "slack" holds for all files');
  expect(shown).not.toContain("xoxb-1-literal");
});

test("a report's name is unique over all files", () => {
  const found = problemsOfFiles(`${MAIN}reports:\n${report("a")}`, {
    "teams/a.yaml": `reports:\n${report("a")}`,
    "teams/b.yaml": `reports:\n${report("b")}${report("a")}`,
  });
  expect(found).toEqual([
    'teams/a.yaml:2:3 two reports are called "a": the other is at reports.yaml:8',
    'teams/b.yaml:3:3 two reports are called "a": the other is at reports.yaml:8',
  ]);
});

test.each([
  ["no-such.yaml", {}, "reports.yaml:5:10 there is no file no-such.yaml"],
  ["teams/*.yaml", {}, "reports.yaml:5:10 no file is named by teams/*.yaml"],
  ["a.yaml", { "a.yaml": "include: a.yaml\n" }, "a.yaml:1:10 a.yaml includes itself"],
  ["reports.yaml", {}, "reports.yaml:5:10 reports.yaml includes itself"],
  [
    "a.yaml",
    { "a.yaml": "include: b.yaml\n", "b.yaml": "include: a.yaml\n" },
    "b.yaml:1:10 these files include each other: a.yaml includes b.yaml includes a.yaml",
  ],
  [
    "[a.yaml, a.yaml]",
    { "a.yaml": `reports:\n${report("a")}` },
    "reports.yaml:5:19 a.yaml is included twice",
  ],
  ["a.yaml", { "a.yaml": "" }, "a.yaml:1:1 the file is empty"],
  ["a.yaml", { "a.yaml": "- one\n" }, "a.yaml:1:1 the file has to be a mapping; it is a list"],
  ["a.yaml", { "a.yaml": "reports: {\n" }, "a.yaml:1:10 a bracket is opened and never closed"],
  ["[3]", {}, "reports.yaml:5:11 there is no file 3"],
  ["{ a: 1 }", {}, "reports.yaml:5:1 Write a file, or a list of files"],
  [
    "a.yaml",
    { "a.yaml": `reports:\n${report("a", ", link: *main")}` },
    "a.yaml:2:88 there is no anchor &main above",
  ],
])("include: %s with %o", (include, files, expected) => {
  const text = `${HEAD}include: ${include}\nx-a: &main looker\nreports:\n${report("main")}`;
  expect(problemsOfFiles(text, files)).toEqual([expected]);
});

test("a file that a glob and its own name lead to is read once", () => {
  const text = `${HEAD}include: [teams/a.yaml, "teams/*.yaml"]\n`;
  const { config, problems } = readFiles(text, { "teams/a.yaml": `reports:\n${report("a")}` });
  expect(problems).toEqual([]);
  expect(config?.reports).toHaveLength(1);
});

test("a path is relative to the file that has it", () => {
  const { config } = readFiles(`${HEAD}include: teams/a.yaml\n`, {
    "teams/a.yaml": "include: [b.yaml, ../c.yaml]\n",
    "teams/b.yaml": `reports:\n${report("b")}`,
    "c.yaml": `reports:\n${report("c")}`,
  });
  expect(config?.reports.map(({ name }) => name)).toEqual(["b", "c"]);
});

test("200 mistakes over many files are all found, in order", () => {
  const files = Object.fromEntries(
    Array.from({ length: 20 }, (_, file) => [
      `teams/${String(file).padStart(2, "0")}.yaml`,
      `reports:\n${Array.from({ length: 10 }, (_, index) => report(`r-${file}-${index}`, ", titel: x")).join("")}`,
    ]),
  );
  const { problems } = readFiles(MAIN, files);
  expect(problems).toHaveLength(200);
  expect(problems.map(({ file, line }) => `${file}:${String(line).padStart(2, "0")}`)).toEqual(
    problems.map(({ file, line }) => `${file}:${String(line).padStart(2, "0")}`).toSorted(),
  );
});
