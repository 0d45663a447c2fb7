import { readFile } from "node:fs/promises";
import { type ParsedMail, simpleParser } from "mailparser";
import { expect, test } from "vitest";
import type { MailReader } from "../../../src/core/model/digest.ts";
import type { Message } from "../../../src/core/model/message.ts";
import { openEmail } from "../../../src/deliver/email/email.ts";
import { emailConnection, emailOptions } from "../../../src/deliver/email/schema.ts";
import { quickClock, renderMail, sampleMessage, termsOf } from "../sample-message.ts";
import { sandboxMail } from "./sandbox-mail.ts";

const server = sandboxMail();

const unsubscribe = async (recipient: string) =>
  `https://reports.example.com/unsubscribe/${recipient.replace(/\W/g, "-").padEnd(43, "x")}`;
const OPS = { ...sampleMessage().run, owner: "Flight Ops <ops@example.com>" };

/** Sends until nobody is left, as the worker does. */
async function delivered(
  to: unknown,
  { links = true, message = {} }: { links?: boolean; message?: Partial<Message> } = {},
) {
  const readers: (MailReader | undefined)[] = [];
  const connection = emailConnection.parse({ smtp: server.url(), from: "Data Team <reports@example.com>" });
  const email = openEmail(connection, {
    clock: quickClock(),
    renderMail: (own, _pictures, reader) => {
      readers.push(reader);
      return renderMail(own);
    },
  });
  let only: readonly string[] | null = null;
  do {
    const terms = termsOf({ only, unsubscribe: links ? unsubscribe : null });
    const outcome = await email.deliver(sampleMessage(message), emailOptions.parse(to), terms);
    expect(outcome).toMatchObject({ kind: "sent", refused: [] });
    only = "rest" in outcome ? (outcome.rest ?? null) : null;
  } while (only !== null);
  await email.close();
  const stored = await server.messages();
  const mails = await Promise.all(stored.map(async ({ file }) => simpleParser(await readFile(file))));
  const sources = await Promise.all(stored.map(({ file }) => readFile(file, "utf8")));
  return { recipients: stored.map(({ recipients }) => recipients), mails, sources, readers };
}

function header(mail: ParsedMail | undefined, name: string): string | undefined {
  return mail?.headerLines.find(({ key }) => key === name)?.line;
}

test("without an address of the worker's, all share one message, and its owner is written to", async () => {
  const { recipients, mails, readers } = await delivered(["ana@example.com", "ben@example.com"], {
    links: false,
    message: { run: OPS },
  });
  expect(recipients).toEqual([["ana@example.com", "ben@example.com"]]);
  expect(header(mails[0], "list-unsubscribe")).toBe(
    `List-Unsubscribe: <mailto:ops@example.com?subject=Unsubscribe%20${OPS.report}>`,
  );
  expect(header(mails[0], "list-unsubscribe-post")).toBeUndefined();
  expect(readers).toMatchObject([{ recipient: null, stopHref: expect.stringMatching(/^mailto:ops@/) }]);
});

test("with one, each recipient gets one message, with a link of their own (RFC 8058), in one thread", async () => {
  const { recipients, mails, sources, readers } = await delivered({
    to: ["ana@example.com", "ben@example.com"],
    bcc: "boss@example.com",
  });
  expect(recipients).toEqual([["ana@example.com"], ["ben@example.com"], ["boss@example.com"]]);
  for (const [index, [recipient = ""] = []] of recipients.entries()) {
    const link = await unsubscribe(recipient);
    expect(header(mails[index], "list-unsubscribe")).toMatch(
      new RegExp(`^List-Unsubscribe: <${link}>, <mailto:[^>]+>$`),
    );
    expect(header(mails[index], "list-unsubscribe-post")).toBe(
      "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    );
    expect(readers[index]).toMatchObject({ recipient, stopHref: link });
    expect(mails[index]?.to).toMatchObject({ text: "ana@example.com, ben@example.com" });
  }
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1);
  expect(sources.slice(0, 2).join()).not.toContain("boss");
});

test("what recipients have to get, and what operators are told, has no link and no header", async () => {
  const all = ["ana@example.com", "ben@example.com"];
  const mandatory = await delivered({ to: all, unsubscribe: false });
  expect(mandatory.recipients).toEqual([all]);
  expect(header(mandatory.mails[0], "list-unsubscribe")).toBeUndefined();
  expect(mandatory.readers).toMatchObject([{ stopHref: null }]);
  const notice = await delivered(all, { message: { purpose: "notice" } });
  expect(notice.recipients.slice(1)).toEqual([all]);
  expect(header(notice.mails[1], "list-unsubscribe")).toBeUndefined();
});

test("a lone blind recipient's address is in no copy but their own", async () => {
  const { readers } = await delivered({ to: "ana@example.com", bcc: "boss@example.com" }, { links: false });
  expect(readers).toMatchObject([{ recipient: null }]);
});

test("the subject that an owner is written to under is in the report's language, and so is Content-Language", async () => {
  const { mails } = await delivered("ana@example.com", {
    links: false,
    message: { run: { ...OPS, locale: "de" } },
  });
  const address = header(mails[0], "list-unsubscribe") ?? "";
  expect(decodeURIComponent(address)).toContain(`?subject=Abbestellen: ${OPS.report}>`);
  expect(header(mails[0], "content-language")).toBe("Content-Language: de");
});

test("an English mail does not say its language", async () => {
  for (const run of [OPS, { ...OPS, locale: "en" as const }]) {
    const { mails } = await delivered("ana@example.com", { links: false, message: { run } });
    expect(mails.map((mail) => header(mail, "content-language"))).not.toContainEqual(expect.anything());
  }
});
