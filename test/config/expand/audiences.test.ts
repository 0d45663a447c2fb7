import { expect, test } from "vitest";
import { HEAD, problemsOf, read, readFiles } from "../file.ts";

const AUDIENCES = `audiences:
  executives: [ceo@example.com, cfo@example.com]
  flight-ops: { email: [flight-ops@example.com, ceo@example.com], slack: ["#flight-ops", "#delays"] }
  everyone: [executives, flight-ops, "#all"]
`;
const withDeliver = (deliver: string, audiences = AUDIENCES) =>
  `${HEAD}${audiences}reports:\n  weekly: { look: 42, schedule: "0 8 * * mon", deliver: ${deliver} }\n`;

function delivered(deliver: string) {
  const { config, problems } = read(withDeliver(deliver));
  expect(problems).toEqual([]);
  return config?.reports[0]?.deliver;
}

test.each([
  ["[{ email: executives }]", "[{ email: [ceo@example.com, cfo@example.com] }]"],
  [
    "[{ email: [boss@example.com, executives] }]",
    "[{ email: [boss@example.com, ceo@example.com, cfo@example.com] }]",
  ],
  [
    "[{ email: { to: executives, cc: [a@example.com, executives], subject: S }, attach: csv }]",
    "[{ email: { to: [ceo@example.com, cfo@example.com], cc: [a@example.com, ceo@example.com, cfo@example.com], subject: S }, attach: csv }]",
  ],
  ["[{ slack: flight-ops }]", '[{ slack: "#flight-ops" }, { slack: "#delays" }]'],
  [
    '[{ slack: { channel: flight-ops, message: "Hi" }, attach: csv }]',
    '[{ slack: { channel: "#flight-ops", message: "Hi" }, attach: csv }, { slack: { channel: "#delays", message: "Hi" }, attach: csv }]',
  ],
  ["[executives]", "[{ email: [ceo@example.com, cfo@example.com] }]"],
  [
    "[everyone]",
    '[{ email: [ceo@example.com, cfo@example.com, flight-ops@example.com] }, { slack: "#flight-ops" }, { slack: "#delays" }, { slack: "#all" }]',
  ],
])("%s is %s", (named, written) => {
  expect(delivered(named)).toEqual(delivered(written));
});

test("whom two names lead to gets it once: of one entry, and of all that are names alone", () => {
  expect(delivered("[{ email: [executives, flight-ops] }]")).toEqual(
    delivered("[{ email: [ceo@example.com, cfo@example.com, flight-ops@example.com, ceo@example.com] }]"),
  );
  expect(delivered("[executives, flight-ops]")).toEqual(
    delivered(
      '[{ email: [ceo@example.com, cfo@example.com] }, { email: [flight-ops@example.com] }, { slack: "#flight-ops" }, { slack: "#delays" }]',
    ),
  );
  expect(delivered('[{ slack: flight-ops }, { slack: "#delays" }]')).toHaveLength(2);
});

test("a channel that is written twice is a mistake still", () => {
  expect(problemsOf(withDeliver('[{ slack: "#a" }, { slack: "#a" }]', ""))).toEqual([
    "6:77 deliveries 1 and 2 go to the same slack destination",
  ]);
});

test("on_failure goes to audiences too, in a report and in defaults", () => {
  const text = (onFailure: string) =>
    `${HEAD}${AUDIENCES}defaults: { on_failure: ${onFailure} }\nreports:\n  weekly: { look: 42, schedule: "0 8 * * mon", deliver: [{ email: a@example.com }] }\n`;
  const named = read(text("flight-ops")).config;
  const written = read(
    text(
      '[{ email: [flight-ops@example.com, ceo@example.com] }, { slack: "#flight-ops" }, { slack: "#delays" }]',
    ),
  ).config;
  expect(named?.onFailure).toEqual(written?.onFailure);
  expect(named?.reports[0]?.onFailure).toEqual(written?.reports[0]?.onFailure);
});

test("a word that is no audience is left to its destination, where that takes words", () => {
  expect(problemsOf(withDeliver("[{ slack: ops }]"))).toEqual(['10:67 Write a channel, as in "#ops"']);
});

test.each([
  ["[{ email: executivs }]", AUDIENCES, '10:67 there is no audience "executivs"'],
  ["[{ email: [a@example.com, executivs] }]", AUDIENCES, '10:83 there is no audience "executivs"'],
  ["[executivs]", AUDIENCES, '10:58 there is no audience "executivs"'],
  ["[{ slack: executives }]", AUDIENCES, '10:67 the audience "executives" has no slack recipients'],
  ["[{ email: a }]", "audiences: { a: [b] }\n", '5:18 there is no audience "b"'],
  ["[{ email: a }]", "audiences: { a: [a] }\n", '5:18 the audience "a" has itself'],
  [
    "[{ email: a }]",
    "audiences: { a: [b], b: [a] }\n",
    "5:26 these audiences have each other: a has b has a",
  ],
  ["[{ email: a }]", "audiences: { a: { webhok: x } }\n", '5:19 "webhok" is not a destination'],
  ["[{ email: a }]", "audiences: { a: [3] }\n", "5:18 a recipient is text; it is a number"],
  ["[{ email: a }]", "audiences: { a: [] }\n", '5:14 the audience "a" is empty'],
  ["[{ email: a }]", 'audiences: { a: { email: "#x" } }\n', '5:26 there is no audience "#x"'],
  [
    "[{ email: a }]",
    "audiences: { a: [ceo@example] }\n",
    '5:18 "ceo@example" is not an address: write name@example.com',
  ],
  ["[{ email: a@example.com }]", "audiences: [a]\n", "5:1 audiences has to be a mapping; it is a list"],
  ["[{ email: a@example.com }]", "audiences: { a: [c] }\n", '5:18 there is no audience "c"'],
])("deliver: %s with %s", (deliver, audiences, expected) => {
  expect(problemsOf(withDeliver(deliver, audiences))).toEqual([expected]);
});

test("a misspelt name is told with what may have been meant", () => {
  expect(read(withDeliver("[{ email: executivs }]")).problems[0]?.advice).toBe('Did you mean "executives"?');
});

test("an audience that no report of any file goes to is noted, but for those that another has", () => {
  const audiences = "audiences: { a: [b], b: [b@example.com], c: [c@example.com] }\n";
  const { config, problems } = readFiles(`${HEAD}${audiences}include: a.yaml\n`, {
    "a.yaml": 'reports:\n  a: { look: 1, schedule: "0 8 * * mon", deliver: [a] }\n',
  });
  expect(problems).toEqual([]);
  expect(config?.notes.map(({ message }) => message)).toEqual(['no report goes to the audience "c"']);
});

test("audiences of a file hold for it alone, next to those of the main file", () => {
  const main = `${HEAD}audiences: { team: [main@example.com], boss: [boss@example.com] }\ninclude: a.yaml\n`;
  const { config, problems } = readFiles(main, {
    "a.yaml":
      'audiences: { team: [a@example.com] }\nreports:\n  a: { look: 1, schedule: "0 8 * * mon", deliver: [{ email: [team, boss] }] }\n',
  });
  expect(problems).toEqual([]);
  expect(config?.reports[0]?.deliver[0]?.destination.options).toEqual({
    to: ["a@example.com", "boss@example.com"],
  });
});
