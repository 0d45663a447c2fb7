import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PLANNED_KEYS, PLANNED_VALUES } from "../../src/config/problems/not-yet.ts";
import { HEAD, read } from "./file.ts";

const SCHEDULE = 'schedule: "0 8 * * mon"';
const DELIVER = "deliver: [{ email: ops@example.com }]";
const report = (...keys: string[]) => `${HEAD}reports:\n  weekly: { ${keys.join(", ")} }\n`;

/** A file that is right but for `written`, in each place of the language that has planned words. */
const PLACES: Record<keyof typeof PLANNED_KEYS | "on_failure", (written: string) => string> = {
  file: (written) => `${written}\n${report("look: 42", SCHEDULE, DELIVER)}`,
  defaults: (written) =>
    `${HEAD}defaults: { ${written} }\n${report("look: 42", SCHEDULE, DELIVER).slice(HEAD.length)}`,
  report: (written) => report("look: 42", SCHEDULE, DELIVER, written),
  schedule: (written) => report("look: 42", `schedule: { cron: "0 8 * * mon", ${written} }`, DELIVER),
  section: (written) => report(`sections: [{ look: 42, ${written} }]`, SCHEDULE, DELIVER),
  delivery: (written) =>
    report("look: 42", SCHEDULE, `deliver: [{ email: ops@example.com }, { ${written} }]`),
  on_failure: (written) => report("look: 42", SCHEDULE, DELIVER, `on_failure: { ${written} }`),
  attachment: (written) =>
    report("look: 42", SCHEDULE, `deliver: [{ email: ops@example.com, attach: [{ ${written} }] }]`),
};

const messages = (text: string) => read(text).problems.map(({ message }) => message);

const planned = Object.entries({ ...PLANNED_KEYS, on_failure: PLANNED_KEYS.delivery }).flatMap(
  ([scope, keys]) => [...keys].map((key) => [key, scope as keyof typeof PLACES] as const),
);

test.each(planned)("%s, which is planned for a %s, is said to be so and no unknown key", (key, scope) => {
  const text = PLACES[scope](`${key}: {}`);
  const { problems } = read(text);
  const told = problems.find(({ message }) => message === `"${key}" is not supported by this version`);
  expect(text.split("\n")[(told?.line ?? 0) - 1]?.slice((told?.column ?? 0) - 1)).toMatch(
    new RegExp(`^${key}:`),
  );
  expect(problems.filter(({ message }) => message.startsWith("unknown key"))).toEqual([]);
});

test.each(
  Object.entries(PLANNED_VALUES).flatMap(([key, values]) =>
    [...values].map((value) => [key, value] as const),
  ),
)("%s: %s, which is planned, is said to be so", (key, value) => {
  const written = `${key}: ${value}`;
  const text =
    key === "attach"
      ? report("look: 42", SCHEDULE, `deliver: [{ email: ops@example.com, ${written} }]`)
      : PLACES.report(written);
  expect(messages(text)).toEqual([`"${value}" is not supported by this version`]);
});

test("the README lists every word that is planned, and no other", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const section = /## Not built yet\n([\s\S]+?)\n## /.exec(readme)?.[1] ?? "";
  const listed = [...section.slice(section.indexOf("\n- ")).matchAll(/`([a-z_0-9]+)(?:: ([a-z]+))?`/g)].map(
    ([, key, value]) => value ?? key,
  );
  const words = [...Object.values(PLANNED_KEYS), ...Object.values(PLANNED_VALUES)].flatMap((set) => [...set]);
  expect(new Set(listed)).toEqual(new Set(words));
});
