import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createTransport } from "nodemailer";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { slackView } from "../../../src/deliver/slack/preview/blocks.ts";
import { type SandboxMail, startSandboxMail } from "../../../src/sandbox/mail/server.ts";
import { type SandboxPage, startSandboxPage } from "../../../src/sandbox/page/server.ts";
import { type SandboxSlack, startSandboxSlack } from "../../../src/sandbox/slack/server.ts";

const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const testInBrowser = test.skipIf(!existsSync(executablePath));

let outbox: string;
let mail: SandboxMail;
let slack: SandboxSlack;
let sandbox: SandboxPage;
let browser: Browser | undefined;

beforeAll(async () => {
  if (!existsSync(executablePath))
    return console.warn(`skipped: no Chromium at ${executablePath} (CHROMIUM_PATH names another)`);
  outbox = await mkdtemp(path.join(tmpdir(), "sandbox-browser-"));
  mail = await startSandboxMail({ outbox });
  slack = await startSandboxSlack({ outbox });
  sandbox = await startSandboxPage({ mail, slack, slackView });
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"], headless: true });
});

afterAll(async () => {
  if (browser === undefined) return;
  await browser.close();
  await Promise.all([sandbox.close(), mail.close(), slack.close()]);
  await rm(outbox, { recursive: true, force: true });
});

testInBrowser("what arrives appears by itself, and what is open and scrolled stays as it is", async () => {
  await post("first");
  const page = await open(`/slack/${slack.channels()[0]!.id}`);
  await page.locator("summary").first().click();
  const box = page.locator(".table-box").first();
  await box.evaluate((element) => {
    element.scrollTop = 40;
  });
  await post("second");
  await page.locator("text=second headline").waitFor();
  expect(await page.locator("details").first().getAttribute("open")).toBe("");
  expect(await box.evaluate((element) => element.scrollTop)).toBe(40);
  expect(await page.locator(".thread").count()).toBe(2);
  await page.close();
});

testInBrowser(
  "a mail's scripts do not run, nothing is fetched from elsewhere, and links open a new tab",
  async () => {
    const html =
      '<p id="p">Hello</p><script>document.body.innerHTML="ran"</script><img src="http://127.0.0.1:9/x.png" onerror="document.body.innerHTML=1">' +
      `<link rel="stylesheet" href="http://127.0.0.1:9/x.css"><a href="${sandbox.url}">go</a>`;
    await createTransport({ host: "127.0.0.1", port: mail.port }).sendMail({
      from: "a@example.com",
      to: "b@example.com",
      html,
    });
    const page = await browser!.newPage();
    const reached: string[] = [];
    page.on("requestfinished", (request) => reached.push(request.url()));
    await page.goto(sandbox.url);
    await page.locator("a.row", { hasText: "b@example.com" }).click();
    const frame = page.frameLocator("iframe");
    expect(await frame.locator("#p").textContent()).toBe("Hello");
    expect(reached.filter((url) => !url.startsWith(sandbox.url))).toEqual([]);
    const [tab] = await Promise.all([page.context().waitForEvent("page"), frame.locator("a").click()]);
    await tab.locator("text=What was delivered").waitFor();
    await page.context().close();
  },
);

testInBrowser(
  "on a phone the list and the mail each fill the screen, and nothing has to be moved sideways",
  async () => {
    await post("a wide one");
    const page = await open("/", 390);
    expect(await page.locator("nav.side").isVisible()).toBe(true);
    await page.locator("a.row").first().click();
    await expect.poll(() => page.locator("nav.side").isVisible()).toBe(false);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    await page.locator("a.back").click();
    await expect.poll(() => page.locator("nav.side").isVisible()).toBe(true);
    await page.close();
  },
);

async function open(where: string, width = 1280): Promise<Page> {
  const page = await browser!.newPage({ viewport: { width, height: 800 } });
  await page.goto(new URL(where, sandbox.url).href);
  return page;
}

async function post(what: string): Promise<void> {
  const cell = (text: string) => ({ type: "raw_text", text });
  const rows = Array.from({ length: 60 }, (_, n) =>
    Array.from({ length: 12 }, (_, m) => cell(`cell ${n} ${m}`)),
  );
  const blocks = [
    { type: "header", text: { type: "plain_text", text: `${what} headline` } },
    { type: "table", rows },
  ];
  const headers = { authorization: `Bearer ${slack.token}`, "content-type": "application/json" };
  const body = JSON.stringify({ channel: slack.channels()[0]!.id, text: what, blocks });
  const response = await fetch(`${slack.url}chat.postMessage`, { method: "POST", headers, body });
  expect(await response.json()).toMatchObject({ ok: true });
}
