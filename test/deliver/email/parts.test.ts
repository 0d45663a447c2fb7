import { expect, test } from "vitest";
import type { Outcome } from "../../../src/core/model/outcome.ts";
import { openEmail } from "../../../src/deliver/email/email.ts";
import { emailConnection, emailOptions } from "../../../src/deliver/email/schema.ts";
import { quickClock, renderMail, sampleMessage, termsOf } from "../sample-message.ts";
import { scriptedSmtp } from "./scripted-smtp.ts";

const named = (count: number) => Array.from({ length: count }, (_, at) => `r${at}@example.com`);

/** A server that takes `most` recipients with a message, and writes down who got each. */
async function cappedServer(most: number, over: string, refused: Record<string, string> = {}) {
  const messages: string[][] = [];
  let taken: string[] = [];
  const smtp = await scriptedSmtp((line) => {
    const recipient = /^RCPT TO:<(.*)>/.exec(line)?.[1];
    if (line.startsWith("MAIL")) taken = [];
    if (line === ".") messages.push(taken);
    if (recipient === undefined) return null;
    if (refused[recipient] !== undefined) return refused[recipient];
    if (taken.length >= most) return over;
    taken.push(recipient);
    return null;
  });
  return { url: smtp.url, messages };
}

/** As the worker does: again for the rest, by name, until there is none. */
async function deliverAll(smtp: string, to: readonly string[], more: Record<string, unknown> = {}) {
  const connection = emailConnection.parse({ smtp, from: "reports@example.com", ...more });
  const email = openEmail(connection, { renderMail, clock: quickClock() });
  const outcomes: Outcome[] = [];
  let only: readonly string[] | null = null;
  let commits = 0;
  do {
    const terms = termsOf({ only, commit: () => void commits++ });
    const outcome: Outcome = await email.deliver(sampleMessage(), emailOptions.parse(to), terms);
    outcomes.push(outcome);
    only = outcome.kind === "sent" ? (outcome.rest ?? null) : null;
  } while (only !== null);
  return { outcomes, commits };
}

test.each([
  "452 4.5.3 Too many recipients",
  "452 Too many",
  "552 5.5.3 Too many recipients",
  "552 Too many recipients",
  "550 5.7.1 Too many recipients for this sender",
])("%s: the rest is named, and goes with further messages, each recipient one copy", async (over) => {
  const server = await cappedServer(3, over);
  const { outcomes, commits } = await deliverAll(server.url, named(8));
  expect(outcomes).toMatchObject([
    { kind: "sent", refused: [], rest: named(8).slice(3) },
    { kind: "sent", refused: [], rest: named(8).slice(6) },
    { kind: "sent", refused: [] },
  ]);
  expect(outcomes.at(-1)).not.toHaveProperty("rest");
  expect(server.messages).toEqual([named(8).slice(0, 3), named(8).slice(3, 6), named(8).slice(6)]);
  expect(commits).toBe(3);
});

test.each([
  ["DATA", "452 4.5.3 Too many recipients"],
  ["DATA", "552 5.5.3 Too many recipients"],
  [".", "452 4.5.3 Too many recipients"],
  [".", "550 Too many recipients"],
])(
  "too many is said at %s alone, with %s: fewer at a time, until it takes them, each one copy",
  async (at, over) => {
    const messages: string[][] = [];
    let asked: string[] = [];
    const smtp = await scriptedSmtp((line) => {
      const recipient = /^RCPT TO:<(.*)>/.exec(line)?.[1];
      if (line.startsWith("MAIL")) asked = [];
      if (recipient !== undefined) asked.push(recipient);
      if (line === at && asked.length > 2) return over;
      if (line === ".") messages.push(asked);
      return null;
    });
    const { outcomes } = await deliverAll(smtp.url, named(7));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: "sent", refused: [] });
    expect(messages.flat()).toEqual(named(7));
    expect(smtp.connections()).toBe(1);
  },
);

test.each(["DATA", "."])("one recipient is too many at %s: again", async (at) => {
  const smtp = await scriptedSmtp((line) => (line === at ? "452 4.5.3 Too many recipients" : null));
  expect((await deliverAll(smtp.url, named(1))).outcomes).toMatchObject([
    { kind: "again", reason: expect.stringContaining("452 4.5.3") },
  ]);
});

test.each([
  ["DATA", "452 4.3.1 Insufficient system storage"],
  ["DATA", "452 Insufficient system storage"],
  [".", "452 4.3.1 Insufficient system storage"],
  [".", "451 4.3.0 Local error"],
])("at %s, %s says nothing of how many: again for all", async (at, answer) => {
  const smtp = await scriptedSmtp((line) => (line === at ? answer : null));
  expect((await deliverAll(smtp.url, named(4))).outcomes).toMatchObject([
    { kind: "again", reason: expect.stringContaining(answer) },
  ]);
  expect(smtp.received().match(/^MAIL FROM/gm)).toHaveLength(1);
});

test.each([
  ["DATA", "550 5.1.1 No such user", true],
  [".", "550 5.2.1 Mailbox disabled", true],
  [".", "452 4.2.2 Mailbox full", false],
])(
  "at %s, %s speaks of the one whose message it is: the others get theirs",
  async (at, answer, permanent) => {
    let asked = "";
    const got: string[] = [];
    const smtp = await scriptedSmtp((line) => {
      asked = /^RCPT TO:<(.*)>/.exec(line)?.[1] ?? asked;
      if (line === at && asked === "r0@example.com") return answer;
      if (line === ".") got.push(asked);
      return null;
    });
    const { outcomes } = await deliverAll(smtp.url, named(3), { max_recipients: 1 });
    expect(outcomes).toMatchObject([
      {
        kind: "sent",
        rest: ["r2@example.com"],
        refused: [{ recipient: "r0@example.com", reason: expect.stringContaining(answer), permanent }],
      },
      { kind: "sent", refused: [] },
    ]);
    expect(got).toEqual(["r1@example.com", "r2@example.com"]);
  },
);

test("a message that is refused for what it is is not tried on each recipient", async () => {
  const smtp = await scriptedSmtp((line) => (line === "." ? "550 5.7.1 Looks like spam" : null));
  const { outcomes } = await deliverAll(smtp.url, named(3), { max_recipients: 1 });
  expect(outcomes).toMatchObject([{ kind: "refused", reason: expect.stringContaining("5.7.1") }]);
  expect(smtp.received().match(/^MAIL FROM/gm)).toHaveLength(1);
});

test.each([
  ["452 4.2.2 Over quota", false],
  ["452 4.3.1 Insufficient system storage", false],
  ["552 5.2.2 Mailbox full", true],
  ["552 Mailbox full", true],
])("%s speaks of that recipient alone", async (answer, permanent) => {
  const server = await cappedServer(9, "", { "r1@example.com": answer });
  const { outcomes } = await deliverAll(server.url, named(3));
  expect(outcomes).toMatchObject([{ kind: "sent", refused: [{ recipient: "r1@example.com", permanent }] }]);
});

test("addresses in other scripts and cases are named as the report names them", async () => {
  const server = await cappedServer(1, "452 4.5.3 Too many recipients");
  const all = ["Ana@Example.com", "bo@bücher.example", "O'Neil+x@example.com"];
  const { outcomes } = await deliverAll(server.url, all);
  expect(outcomes.map(({ kind }) => kind)).toEqual(["sent", "sent", "sent"]);
  expect(server.messages.flat()).toEqual([
    "Ana@example.com",
    "bo@xn--bcher-kva.example",
    "O'Neil+x@example.com",
  ]);
});

test("too many though none was taken: again, whatever the code", async () => {
  const server = await cappedServer(0, "552 5.5.3 Too many recipients");
  expect((await deliverAll(server.url, named(2))).outcomes).toMatchObject([{ kind: "again" }]);
});

test("max_recipients splits beforehand, by 50 where nothing is said", async () => {
  const server = await cappedServer(500, "");
  await deliverAll(server.url, named(120));
  expect(server.messages.map((each) => each.length)).toEqual([50, 50, 20]);
  expect(server.messages.flat()).toEqual(named(120));
  await deliverAll(server.url, named(5), { max_recipients: 2 });
  expect(server.messages.slice(3)).toEqual([named(5).slice(0, 2), named(5).slice(2, 4), named(5).slice(4)]);
});

test("a part that is refused as a whole keeps the others from nothing", async () => {
  const no = "550 5.1.1 No such user";
  const server = await cappedServer(9, "", { "r0@example.com": no, "r1@example.com": no });
  const { outcomes, commits } = await deliverAll(server.url, named(4), { max_recipients: 2 });
  expect(outcomes).toEqual([
    expect.objectContaining({
      kind: "sent",
      refused: [
        { recipient: "r0@example.com", reason: no, permanent: true },
        { recipient: "r1@example.com", reason: no, permanent: true },
      ],
    }),
  ]);
  expect([server.messages, commits]).toEqual([[named(4).slice(2)], 1]);
});

test("every part refused: refused with every name", async () => {
  const no = "550 5.1.1 No such user";
  const server = await cappedServer(9, "", { "r0@example.com": no, "r1@example.com": no });
  const { outcomes } = await deliverAll(server.url, named(2), { max_recipients: 1 });
  expect(outcomes).toEqual([
    {
      kind: "refused",
      reason: `Every recipient was refused. r0@example.com: ${no}; r1@example.com: ${no}`,
      advice: "Check the address, and correct it in reports.yaml.",
    },
  ]);
});

test("a message in doubt says who surely has none yet", async () => {
  const server = await scriptedSmtp((line, socket) => {
    if (line !== ".") return null;
    socket.destroy();
    return "";
  });
  const { outcomes } = await deliverAll(server.url, named(3), { max_recipients: 2 });
  expect(outcomes).toMatchObject([
    { kind: "unknown", reason: expect.stringContaining("It was not sent yet to r2@example.com.") },
  ]);
});
