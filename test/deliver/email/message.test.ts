import { readFile } from "node:fs/promises";
import { type AddressObject, type ParsedMail, simpleParser } from "mailparser";
import { expect, test } from "vitest";
import type { Message } from "../../../src/core/model/message.ts";
import { openEmail } from "../../../src/deliver/email/email.ts";
import { emailConnection, emailOptions } from "../../../src/deliver/email/schema.ts";
import { quickClock, renderMail, sampleMessage, sha256, termsOf } from "../sample-message.ts";
import { artifactOf } from "../scratch.ts";
import { sandboxMail } from "./sandbox-mail.ts";

// What arrives, as another program's parser reads it.

const server = sandboxMail();

async function arrived(
  given: unknown,
  message: Partial<Message> = {},
  connection: Record<string, unknown> = {},
): Promise<{ mail: ParsedMail; envelope: { from: string; recipients: readonly string[] } }> {
  const email = openEmail(
    emailConnection.parse({ smtp: server.url(), from: "Data Team <reports@example.com>", ...connection }),
    { renderMail, clock: quickClock() },
  );
  const outcome = await email.deliver(sampleMessage(message), emailOptions.parse(given), termsOf());
  expect(outcome).toMatchObject({ kind: "sent", refused: [] });
  const stored = (await server.messages()).at(-1)!;
  return { mail: await simpleParser(await readFile(stored.file)), envelope: stored };
}

const addressesOf = (field: AddressObject | AddressObject[] | undefined) =>
  [field ?? []].flat().flatMap((each) => each.value.map(({ name, address }) => ({ name, address })));

test("everybody gets it, and blind copies are named nowhere", async () => {
  const { mail, envelope } = await arrived({
    to: ['"Ruiz, Ana" <ana@example.com>', "ops@example.com"],
    cc: "Žofie <zofie+reports@bücher.example>",
    bcc: "boss@example.com",
  });
  expect(envelope).toMatchObject({
    from: "reports@example.com",
    recipients: [
      "ana@example.com",
      "ops@example.com",
      // As the libraries show it; on the wire it is xn--bcher-kva.example.
      "zofie+reports@bücher.example",
      "boss@example.com",
    ],
  });
  expect(addressesOf(mail.from)).toEqual([{ name: "Data Team", address: "reports@example.com" }]);
  expect(addressesOf(mail.cc)).toEqual([{ name: "Žofie", address: "zofie+reports@bücher.example" }]);
  expect(mail.bcc).toBeUndefined();
  expect(mail.headerLines.map(({ line }) => line).join("\n")).not.toContain("boss@");
});

test("a recipient without a name is not given one", async () => {
  const { mail } = await arrived(["Ana <ana@example.com>", "ops@example.com"]);
  expect(addressesOf(mail.to)).toEqual([
    { name: "Ana", address: "ana@example.com" },
    { name: "", address: "ops@example.com" },
  ]);
});

test("answers go where the delivery says, else where the connection says", async () => {
  const connection = { reply_to: "Data <data@example.com>" };
  const own = await arrived(
    { to: "ana@example.com", reply_to: ["a@example.com", "b@example.com"] },
    {},
    connection,
  );
  expect(addressesOf(own.mail.replyTo).map(({ address }) => address)).toEqual([
    "a@example.com",
    "b@example.com",
  ]);
  const usual = await arrived("ana@example.com", {}, connection);
  expect(addressesOf(usual.mail.replyTo)).toEqual([{ name: "Data", address: "data@example.com" }]);
  const none = await arrived("ana@example.com");
  expect(none.mail.replyTo).toBeUndefined();
});

test("the headers say that a program wrote it, which report, and when", async () => {
  const { mail } = await arrived("ana@example.com");
  expect(mail.headers.get("auto-submitted")).toBe("auto-generated");
  expect(mail.headers.get("x-auto-response-suppress")).toBe("All");
  expect(mail.headers.get("x-lookpost-report")).toBe("weekly-delays");
  expect(mail.headers.get("x-lookpost-run")).toBe("run-1");
  expect(mail.headerLines.find(({ key }) => key === "list-id")?.line).toMatch(
    /: <weekly-delays\.lookpost\.example\.com>$/,
  );
  expect(mail.date).toEqual(new Date("2026-11-16T13:00:05Z"));
});

test("a report's name that is no host name still makes a List-Id", async () => {
  const run = { ...sampleMessage().run, report: "Flüge & Züge" };
  const { mail } = await arrived("ana@example.com", { run });
  expect(mail.headerLines.find(({ key }) => key === "list-id")?.line).toMatch(
    /: <fl-ge-z-ge\.lookpost\.example\.com>$/,
  );
  expect(mail.headers.get("x-lookpost-report")).toBe("=?UTF-8?Q?Fl=C3=BCge_=26_Z=C3=BCge?=");
});

test("every attempt at one delivery has one Message-ID, another delivery another", async () => {
  const ids = [];
  for (const key of ["run-1/email/1", "run-1/email/1", "run-1/email/2"]) {
    ids.push((await arrived("ana@example.com", { key })).mail.messageId);
  }
  expect(ids[0]).toMatch(/^<[0-9a-f]{32}@example\.com>$/);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
});

test("the outside id is the Message-ID", async () => {
  const email = openEmail(emailConnection.parse({ smtp: server.url(), from: "reports@example.com" }), {
    renderMail,
    clock: quickClock(),
  });
  const outcome = await email.deliver(sampleMessage(), emailOptions.parse("ana@example.com"), termsOf());
  const { mail } = await arrived("ana@example.com");
  expect(outcome).toEqual({ kind: "sent", externalId: mail.messageId, refused: [] });
});

test("the delivery's own subject and words stand in for the message's", async () => {
  const usual = await arrived("ana@example.com", { subject: "Délais – 週", intro: "From the author" });
  expect(usual.mail.subject).toBe("Délais – 週");
  expect(usual.mail.text).toContain("From the author");
  const own = await arrived(
    { to: "ana@example.com", subject: "Own", message: "Good morning." },
    { intro: "From the author" },
  );
  expect(own.mail.subject).toBe("Own");
  expect(own.mail.text).toBe("Good morning.\n\n1 250 of Zürich–Genève\n");
  expect(own.mail.html).toContain("<p>Good morning.</p><p>1 250 of Zürich–Genève</p>");
});

test("a subject with line breaks makes no header", async () => {
  const { mail, envelope } = await arrived("ana@example.com", {
    subject: "Delays\r\nBcc: eve@evil.example\r\n\r\nbody\u0000",
  });
  expect(mail.subject).toBe("Delays Bcc: eve@evil.example body");
  expect(mail.headers.has("bcc")).toBe(false);
  expect(envelope.recipients).toEqual(["ana@example.com"]);
});

test("files arrive byte for byte under their names", async () => {
  const bytes = Buffer.from(Array.from({ length: 100_003 }, (_, index) => (index * 31 + (index >> 8)) % 256));
  const { mail } = await arrived("ana@example.com", {
    artifacts: [
      await artifactOf("Verspätungen – Woche 47 “final” 週.csv", 'a;b\r\n"x ""y""";.\r\n'),
      await artifactOf(
        "delays.xlsx",
        bytes,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      ),
    ],
  });
  const got = mail.attachments.map(({ filename, contentType, content }) => ({
    filename,
    contentType,
    sum: sha256(content),
  }));
  expect(got).toEqual([
    {
      filename: "Verspätungen – Woche 47 “final” 週.csv",
      contentType: "text/csv",
      sum: sha256(Buffer.from('a;b\r\n"x ""y""";.\r\n')),
    },
    {
      filename: "delays.xlsx",
      contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      sum: sha256(bytes),
    },
  ]);
});

test("the delivery's own words come ahead of a notice's, which are the notice", async () => {
  const given = { to: "ana@example.com", message: "For whoever is on call." };
  const { mail } = await arrived(given, { purpose: "notice", intro: "It was not delivered." });
  expect(mail.text).toContain("For whoever is on call.\n\nIt was not delivered.");
});

test.each([
  ["an encoded word", "=?utf-8?B?SGFsbG8=?= and more"],
  ["one word of 3,000 letters", "a".repeat(3_000)],
  ["one word of 3,000 other letters", "ü".repeat(3_000)],
  ["letters of four bytes", `=?${"🛫".repeat(200)}`],
])("a subject that is %s arrives as written, in lines of at most 998 octets", async (_what, subject) => {
  const name = subject.slice(0, 1_500);
  const run = { ...sampleMessage().run, report: subject };
  const { mail } = await arrived({ to: { to: `"${name}" <ana@example.com>`, subject } }.to, { run });
  expect(mail.subject).toBe(subject);
  const source = await readFile((await server.messages()).at(-1)!.file, "latin1");
  const headers = source.split("\r\n\r\n")[0]!.split("\r\n");
  expect(Math.max(...headers.map((line) => line.length))).toBeLessThanOrEqual(998);
});
