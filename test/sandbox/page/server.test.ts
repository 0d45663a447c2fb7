import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { WebClient } from "@slack/web-api";
import { createTransport, type SendMailOptions } from "nodemailer";
import { afterEach, beforeEach, expect, test } from "vitest";
import { slackView } from "../../../src/deliver/slack/preview/blocks.ts";
import { type SandboxMail, startSandboxMail } from "../../../src/sandbox/mail/server.ts";
import { type SandboxPage, startSandboxPage } from "../../../src/sandbox/page/server.ts";
import { type SandboxSlack, startSandboxSlack } from "../../../src/sandbox/slack/server.ts";

let outbox: string;
let mail: SandboxMail;
let slack: SandboxSlack;
let page: SandboxPage;

beforeEach(async () => {
  outbox = await mkdtemp(path.join(tmpdir(), "sandbox-page-"));
  mail = await startSandboxMail({ outbox });
  slack = await startSandboxSlack({ outbox });
  page = await startSandboxPage({ mail, slack, note: "Data of <2001>", slackView });
});

afterEach(async () => {
  await Promise.all([page.close(), mail.close(), slack.close()]);
  await rm(outbox, { recursive: true, force: true });
});

const picture = Buffer.from("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==", "base64");

test("before anything has arrived, the page says so and shows the note about the data", async () => {
  const { text } = await get("/");
  expect(text).toContain("No mail has arrived yet");
  expect(text).toContain("Data of &lt;2001&gt;");
  expect(text).toContain("#flight-ops");
});

test("the inbox lists mails, newest first, with to, from, subject and time", async () => {
  await send({ to: '"Ana Ruiz" <ana@example.com>', subject: "first" });
  await send({ to: "ops@example.com", subject: "second" });
  const { text } = await get("/");
  expect(text.indexOf("second")).toBeLessThan(text.indexOf("first"));
  expect(text).toContain(">Ana Ruiz<");
  expect(text).toMatch(/<time datetime="20\d\d-/);
  expect((await get("/live/sidebar?at=/")).text).toContain("second");
});

test("a hostile subject, sender and file name are text in the list and in the mail", async () => {
  const evil = '"><script>alert(1)</script>';
  await send({
    subject: evil,
    from: { name: evil, address: "x@example.com" },
    attachments: [{ filename: `${evil}.csv`, content: "x" }],
  });
  const id = (await mail.messages())[0]!.id;
  for (const where of ["/", `/mail/${id}`, `/mail/${id}?view=source`]) {
    const { text } = await get(where);
    expect(text).not.toContain("<script>alert");
    expect(text).toContain("&lt;script&gt;alert(1)");
  }
});

test("the shell allows no script but its own, and nothing from elsewhere", async () => {
  const { headers, text } = await get("/");
  const policy = headers.get("content-security-policy");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain("unsafe");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(text).not.toMatch(/(src|href)="https?:/);
  expect((await get("/style.css")).text).not.toMatch(/url\(|@import/);
});

test("the HTML part is in a sandboxed frame, with a policy that lets it neither run nor load", async () => {
  await send({ html: "<html><head></head><body><p>Hello</p><script>1</script></body></html>" });
  const id = (await mail.messages())[0]!.id;
  expect((await get(`/mail/${id}`)).text).toContain(
    `<iframe title="HTML part" src="/mail/${id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"`,
  );
  const { headers, text } = await get(`/mail/${id}/html`);
  expect(text).toContain("<p>Hello</p>");
  expect(text).toContain('<head><base target="_blank">');
  const policy = headers.get("content-security-policy")!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("img-src data:;");
  expect(policy).toMatch(/sandbox allow-popups allow-popups-to-escape-sandbox$/);
  expect(policy).not.toContain("script");
});

test("the frame can be as wide as a phone", async () => {
  await send({ html: "<p>x</p>" });
  const id = (await mail.messages())[0]!.id;
  expect((await get(`/mail/${id}?width=phone`)).text).toContain('class="stage is-phone"');
  expect((await get(`/mail/${id}`)).text).not.toContain('class="stage is-phone"');
});

test("the text part is shown as text, and a mail without HTML opens with it", async () => {
  await send({ text: "a <b>\n  c" });
  const id = (await mail.messages())[0]!.id;
  expect((await get(`/mail/${id}`)).text).toContain('<pre class="plain">a &lt;b&gt;\n  c');
  expect((await get(`/mail/${id}?view=html`)).text).toContain("no HTML part");
  await send({ html: "<p>only</p>", text: undefined });
  const other = (await mail.messages())[1]!.id;
  expect((await get(`/mail/${other}?view=text`)).text).toContain("no text part");
});

test("headers and the envelope: recipients that no header names are shown", async () => {
  await send({ to: "ana@example.com", bcc: "audit@example.com", headers: { "X-Report": "delays" } });
  const id = (await mail.messages())[0]!.id;
  const { text } = await get(`/mail/${id}`);
  expect(text).toContain("<dt>Delivered to</dt><dd>ana@example.com, audit@example.com</dd>");
  expect(text).toContain("<dt>X-Report</dt><dd>delays</dd>");
  await send({ to: '"Ruiz, Ana" <ana@example.com>' });
  expect((await get(`/mail/${(await mail.messages())[1]!.id}`)).text).not.toContain("Delivered to");
});

test("an inline picture is put into the HTML part, and can be downloaded", async () => {
  await send({
    html: '<img src="cid:dot@report" alt="a dot">',
    attachments: [{ filename: "dot.gif", content: picture, cid: "dot@report" }],
  });
  const id = (await mail.messages())[0]!.id;
  expect((await get(`/mail/${id}/html`)).text).toContain(
    `src="data:image/gif;base64,${picture.toString("base64")}"`,
  );
  expect((await get(`/mail/${id}`)).text).toContain("inline");
});

test("attachments are downloaded with their bytes and their name, never shown as a page", async () => {
  const second = Buffer.concat([Buffer.alloc(3_000_000, "ü;1\r\n"), Buffer.from([0, 255])]);
  await send({
    attachments: [
      { filename: "page.html", content: "<script>1</script>" },
      { filename: "größe 1.csv", content: second },
    ],
  });
  const id = (await mail.messages())[0]!.id;
  const html = await get(`/mail/${id}/attachments/0`);
  expect(html.text).toBe("<script>1</script>");
  expect(html.headers.get("content-disposition")).toMatch(/^attachment;/);
  expect(html.headers.get("content-security-policy")).toContain("sandbox");
  const response = await fetch(new URL(`/mail/${id}/attachments/1`, page.url));
  expect(response.headers.get("content-disposition")).toContain("filename*=UTF-8''gr%C3%B6%C3%9Fe%201.csv");
  expect(digest(Buffer.from(await response.arrayBuffer()))).toBe(digest(second));
  expect((await get(`/mail/${id}`)).text).toContain("3.0 MB");
});

test("a download that is broken off leaves the server able to give the next", async () => {
  await send({ attachments: [{ filename: "big.bin", content: Buffer.alloc(20_000_000, "x") }] });
  const id = (await mail.messages())[0]!.id;
  const url = new URL(`/mail/${id}/attachments/0`, page.url);
  const broken = await fetch(url);
  await broken.body!.getReader().read();
  await broken.body!.cancel().catch(() => {});
  expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(20_000_000);
});

test("the source is shown from its beginning, and can be downloaded whole", async () => {
  await send({ text: "x".repeat(300_000) });
  const stored = (await mail.messages())[0]!;
  const { text } = await get(`/mail/${stored.id}?view=source`);
  expect(text).toContain("Subject: Report");
  expect(text).toContain("the first 200 kB are shown");
  expect(Buffer.byteLength((await get(`/mail/${stored.id}/message.eml`)).text)).toBe(stored.bytes);
});

test.each([
  "/mail/0009-none",
  "/mail/0009-none/html",
  "/mail/..%2f..%2fetc%2fpasswd",
  "/slack/C404",
  "/slack/files/F404",
  "/live/slack/C404",
  "/nowhere",
])("%s is not there", async (where) => {
  const { status, text } = await get(where);
  expect(status).toBe(404);
  expect(text).toBe("There is nothing at this address.");
});

test("an attachment that is not there is 404", async () => {
  await send({ text: "x" });
  const id = (await mail.messages())[0]!.id;
  expect((await get(`/mail/${id}/attachments/0`)).status).toBe(404);
  expect((await get(`/mail/${id}/attachments/x`)).status).toBe(404);
});

test("a channel shows its posts, each thread under its post, and its files to download", async () => {
  const web = client();
  const channel = slack.channels().find((each) => each.name === "flight-ops")!.id;
  const { ts } = await web.chat.postMessage({ channel, text: "*digest*" });
  await web.filesUploadV2({
    channel_id: channel,
    thread_ts: ts!,
    filename: "a.csv",
    file: Buffer.from("a,b"),
    initial_comment: "all rows, a &lt; b",
  });
  const { text } = await get(`/slack/${channel}`);
  expect(text).toContain("<strong>digest</strong>");
  expect(text).toContain("1 reply");
  expect(text.indexOf("all rows, a &lt; b")).toBeGreaterThan(text.indexOf("1 reply"));
  const file = slack.files()[0]!;
  const download = await get(`/slack/files/${file.id}`);
  expect(download.text).toBe("a,b");
  expect(download.headers.get("content-disposition")).toContain('filename="a.csv"');
  expect((await get(`/live/slack/${channel}`)).text).toContain(`data-key="${ts}"`);
});

test("without a view posts are shown as they came, and escaped", async () => {
  const channel = slack.channels().find((each) => each.name === "general")!.id;
  const block = { type: "header", text: { type: "plain_text", text: "<b>" } };
  await client().chat.postMessage({ channel, text: "*as it came*" });
  await client().chat.postMessage({ channel, text: "*t*", blocks: [block] });
  const plain = await startSandboxPage({ mail, slack });
  try {
    const text = await (await fetch(new URL(`/slack/${channel}`, plain.url))).text();
    expect(text).toContain("<pre>*as it came*</pre>");
    expect(text).toContain("&quot;type&quot;: &quot;header&quot;");
    expect(text).not.toContain("<b>");
  } finally {
    await plain.close();
  }
});

test("an uploaded picture is shown, an uploaded page or SVG is only to be saved", async () => {
  const web = client();
  for (const filename of ["chart.gif", "evil.svg", "evil.html"]) {
    await web.filesUploadV2({ channel_id: slack.channels()[0]!.id, filename, file: picture });
  }
  const dispositions = await Promise.all(
    slack
      .files()
      .map(async (file) => (await get(`/slack/files/${file.id}`)).headers.get("content-disposition")),
  );
  expect(dispositions).toEqual([
    null,
    expect.stringMatching(/^attachment/),
    expect.stringMatching(/^attachment/),
  ]);
});

test("a taken port is the system's error, with its code", async () => {
  await expect(startSandboxPage({ mail, slack, port: page.port })).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
});

async function get(where: string) {
  const response = await fetch(new URL(where, page.url));
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function send(message: SendMailOptions) {
  return createTransport({ host: "127.0.0.1", port: mail.port }).sendMail({
    from: "reports@example.com",
    to: "ana@example.com",
    subject: "Report",
    text: "text",
    ...message,
  });
}

function client(): WebClient {
  return new WebClient(slack.token, { slackApiUrl: slack.url, retryConfig: { retries: 0 } });
}

function digest(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
