import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { WebClient } from "@slack/web-api";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";

let folder: string;
let sandbox: Sandbox;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sandbox-"));
  sandbox = await startSandbox({ outbox: path.join(folder, "deep", "outbox") });
});

afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

test("the environment leads to all three servers, the page shows what they received, the outbox holds it", async () => {
  const { env } = sandbox;
  const login = await fetch(`${env.LOOKER_BASE_URL}/api/4.0/login`, {
    method: "POST",
    body: new URLSearchParams({ client_id: env.LOOKER_CLIENT_ID, client_secret: env.LOOKER_CLIENT_SECRET }),
  });
  expect(await login.json()).toMatchObject({ token_type: "Bearer" });
  await createTransport(env.SMTP_URL).sendMail({
    from: "a@example.com",
    to: "b@example.com",
    subject: "By mail",
    text: "x",
  });
  await new WebClient(env.SLACK_BOT_TOKEN, { slackApiUrl: env.SLACK_API_URL }).chat.postMessage({
    channel: "#general",
    text: "By Slack",
  });
  const page = await (await fetch(sandbox.page.url)).text();
  expect(page).toContain("By mail");
  expect(page).toContain("1 post");
  expect(page).toContain(sandbox.note);
  expect(await readdir(path.join(sandbox.outbox, "mail"))).toHaveLength(2);
  expect(await readdir(path.join(sandbox.outbox, "slack"))).toContain("general.json");
});

test.each([
  ["Looker", "lookerPort"],
  ["SMTP server", "smtpPort"],
  ["Slack", "slackPort"],
  ["web page", "webPort"],
])(
  "a taken port of the %s is named, with what to do, and what had been started is closed again",
  async (name, option) => {
    const port = Number(new URL(sandbox.env.SMTP_URL).port);
    const starting = startSandbox({ outbox: path.join(folder, "second"), [option]: port });
    await expect(starting).rejects.toThrow(
      `The sandbox's ${name} cannot listen on 127.0.0.1:${port}: another program already uses that port. Choose another port, or 0 for any free one.`,
    );
  },
);

test("an outbox that is a file is named, with what to do", async () => {
  const outbox = path.join(folder, "file");
  await writeFile(outbox, "");
  await expect(startSandbox({ outbox })).rejects.toThrow(
    `The folder ${outbox} cannot be used: EEXIST. Name another with --outbox.`,
  );
});

test("a port that is none is said to be none", async () => {
  await expect(startSandbox({ outbox: folder, webPort: 70_000 })).rejects.toThrow(
    "a port is a number from 0 to 65535",
  );
});

test("without an outbox a temporary folder is made, and closing ends all servers", async () => {
  const own = await startSandbox();
  expect((await stat(own.outbox)).isDirectory()).toBe(true);
  await own.close();
  await rm(own.outbox, { recursive: true });
  for (const url of [own.env.LOOKER_BASE_URL, own.env.SLACK_API_URL, own.page.url]) {
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  }
});
