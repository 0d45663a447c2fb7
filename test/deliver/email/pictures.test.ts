import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { simpleParser } from "mailparser";
import { expect, test } from "vitest";
import type { MailBody } from "../../../src/core/model/digest.ts";
import type { Message } from "../../../src/core/model/message.ts";
import { contentId, type Picture, type PictureSource } from "../../../src/core/model/picture.ts";
import { openEmail } from "../../../src/deliver/email/email.ts";
import { emailConnection, emailOptions } from "../../../src/deliver/email/schema.ts";
import { quickClock, sampleMessage, sha256, termsOf } from "../sample-message.ts";
import { artifactOf } from "../scratch.ts";
import { sandboxMail } from "./sandbox-mail.ts";

const server = sandboxMail();

/** Shows every picture whose alt text does not begin with "unseen". */
function renderMail(message: Message, pictures?: PictureSource): MailBody {
  const sourceOf = pictures ?? ((picture: Picture) => `cid:${contentId(picture, message.run.id)}`);
  const shown = message.pictures.filter(({ alt }) => !alt.startsWith("unseen"));
  const images = shown.map((picture) => `<img src="${sourceOf(picture)}" alt="${picture.alt}">`);
  return { html: `<!doctype html><p>Zürich</p>${images.join("")}`, text: "Zürich\n" };
}

const open = () =>
  openEmail(emailConnection.parse({ smtp: server.url(), from: "Data Team <reports@example.com>" }), {
    renderMail,
    clock: quickClock(),
  });

async function picture(name: string, bytes: Buffer, alt = `Alt of ${name}`): Promise<Picture> {
  return { name, file: (await artifactOf(name, bytes)).file, width: 10, height: 10, alt };
}

async function arrived(message: Partial<Message>, to: unknown = "ana@example.com"): Promise<Buffer> {
  const outcome = await open().deliver(sampleMessage(message), emailOptions.parse(to), termsOf());
  expect(outcome).toMatchObject({ kind: "sent" });
  return readFile((await server.messages()).at(-1)!.file);
}

const BYTES = Buffer.from(Array.from({ length: 70_001 }, (_, index) => (index * 13) % 256));

test("pictures come with the HTML that shows them, inline, byte for byte; other files are attached", async () => {
  const pictures = [
    await picture("chart 1.png", BYTES),
    await picture("b.png", Buffer.from("unseen"), "unseen"),
  ];
  const mail = await simpleParser(
    await arrived({ pictures, artifacts: [await artifactOf("delays.csv", "a,b\r\n")] }),
    { skipImageLinks: true },
  );
  expect(mail.html).toContain('src="cid:chart_1.png.run-1@lookpost"');
  expect(
    mail.attachments.map(({ filename, cid, contentDisposition, contentType, related }) => ({
      filename,
      cid,
      contentDisposition,
      contentType,
      related: related === true,
    })),
  ).toEqual([
    {
      filename: "chart 1.png",
      cid: "chart_1.png.run-1@lookpost",
      contentDisposition: "inline",
      contentType: "image/png",
      related: true,
    },
    {
      filename: "delays.csv",
      cid: undefined,
      contentDisposition: "attachment",
      contentType: "text/csv",
      related: false,
    },
  ]);
  expect(sha256(mail.attachments[0]!.content)).toBe(sha256(BYTES));
});

test("the parts are nested as mail clients expect: mixed(alternative(plain, related(html, png)), csv)", async () => {
  const eml = await arrived({
    pictures: [await picture("a.png", BYTES)],
    artifacts: [await artifactOf("delays.csv", "a,b\r\n")],
  });
  const shape = `
import sys, email, email.policy
def shape(part):
    own = part.get_content_type()
    return own + ("(" + ", ".join(shape(p) for p in part.iter_parts()) + ")" if part.is_multipart() else "")
print(shape(email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)))`;
  expect(execFileSync("python3", ["-c", shape], { input: eml, encoding: "utf8" }).trim()).toBe(
    "multipart/mixed(multipart/alternative(text/plain, multipart/related(text/html, image/png)), text/csv)",
  );
});

test("a picture that is gone leaves the server alone", async () => {
  const gone = { ...(await picture("a.png", BYTES)), file: { path: "/nowhere/a.png", bytes: 5 } };
  const outcome = await open().deliver(
    sampleMessage({ pictures: [gone] }),
    emailOptions.parse("ana@example.com"),
    termsOf(),
  );
  expect(outcome).toMatchObject({ kind: "refused", reason: expect.stringContaining("a.png cannot be read") });
  expect(await server.messages()).toEqual([]);
});

test("pictures count where the server says how much it takes", async () => {
  await server.limit(60_000);
  const outcome = await open().deliver(
    sampleMessage({ pictures: [await picture("a.png", BYTES)] }),
    emailOptions.parse("ana@example.com"),
    termsOf(),
  );
  expect(outcome).toMatchObject({ kind: "refused", advice: expect.stringContaining("smaller") });
});

test("with thread, every run for the same recipients answers the same message; others and other reports do not", async () => {
  const headers = async (message: Partial<Message>, to: unknown) => {
    const mail = await simpleParser(await arrived(message, to));
    expect(mail.inReplyTo).toBe(mail.references);
    return { id: mail.messageId, thread: mail.inReplyTo };
  };
  const to = { to: ["ana@example.com", "bob@example.com"], thread: true };
  const first = await headers({ key: "run-1/email/1" }, to);
  const second = await headers(
    { key: "run-2/email/1", run: { ...sampleMessage().run, id: "run-2" } },
    { ...to, to: [...to.to].reverse() },
  );
  expect(first.thread).toMatch(/^<[0-9a-f]{32}@example\.com>$/);
  expect(second.thread).toBe(first.thread);
  expect(second.id).not.toBe(first.id);
  expect((await headers({}, { ...to, to: "ana@example.com" })).thread).not.toBe(first.thread);
  const other = { ...sampleMessage().run, report: "another" };
  expect((await headers({ run: other }, to)).thread).not.toBe(first.thread);
  expect((await headers({}, "ana@example.com")).thread).toBeUndefined();
});

test("the preview is, byte for byte, what arrives, and a page that has its pictures in it", async () => {
  const message = {
    pictures: [await picture("a.png", BYTES)],
    artifacts: [await artifactOf("Verspätungen.csv", "a,b\r\n".repeat(5_000))],
  };
  const given = {
    to: "Ana <ana@example.com>",
    cc: "bob@example.com",
    thread: true,
    message: "Good morning.",
  };
  const files = (await open().preview?.(sampleMessage(message), emailOptions.parse(given))) ?? [];
  expect(files.map(({ name }) => name)).toEqual(["message.eml", "body.html", "body.txt"]);
  expect(await server.messages()).toEqual([]);
  expect(sha256(Buffer.from(files[0]!.contents))).toBe(sha256(await arrived(message, given)));
  expect(files[1]!.contents).toContain(`src="data:image/png;base64,${BYTES.toString("base64")}"`);
  expect(files[2]!.contents).toBe("Zürich\n");
});
