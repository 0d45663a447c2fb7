import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatProblems } from "../../src/config/index.ts";
import { read } from "./file.ts";
import { env } from "./language.ts";

const folder = new URL("./bad/", import.meta.url);
const NEVER_SHOWN = [
  "hunter2secret",
  "xoxb-1-literal",
  env.LOOKER_CLIENT_SECRET,
  env.SLACK_BOT_TOKEN,
  "p%40ssword",
];

/** One mistake a file; what it is to be told stands at its top, a line for each problem: `# expect: LINE:COLUMN message => advice`. */
test.each(readdirSync(folder).sort())("%s is told exactly what its first lines expect", (name) => {
  const text = readFileSync(new URL(name, folder), "utf8");
  const expected = [...text.matchAll(/^# expect: (.*)$/gm)].map(([, line]) => line);
  const { problems } = read(text);
  const told = problems.map(
    ({ line, column, message, advice }) =>
      `${line}:${column} ${message}${advice === null ? "" : ` => ${advice}`}`,
  );
  expect(expected.length).toBeGreaterThan(0);
  expect(told).toEqual(expected);
});

test.each(readdirSync(folder).sort())(
  "%s is shown without any secret and with its caret below the place",
  (name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    const { problems } = read(text);
    const shown = formatProblems(problems, { color: false }) + JSON.stringify(problems);
    for (const secret of NEVER_SHOWN) expect(shown).not.toContain(secret);
    for (const { line, column, excerpt } of problems) {
      const [source = "", caret = ""] = excerpt.split("\n");
      expect(caret.trimStart()).toMatch(/^\^+$/);
      // A hidden secret is shorter or longer than what it hides, so only lines without one line up with the file.
      if (source.includes("[hidden]")) continue;
      expect(source).toBe(text.split("\n")[line - 1]);
      expect(caret.indexOf("^")).toBe(column - 1);
    }
  },
);
