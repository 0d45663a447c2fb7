import { readdir } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { onTestFinished } from "vitest";
import { email } from "../../src/deliver/email/email.ts";
import { emailConnection, emailOptions, emailSchemas } from "../../src/deliver/email/schema.ts";
import { file } from "../../src/deliver/file/file.ts";
import { fileOptions, fileSchemas } from "../../src/deliver/file/schema.ts";
import { slackConnection, slackOptions, slackSchemas } from "../../src/deliver/slack/schema.ts";
import { slack } from "../../src/deliver/slack/slack.ts";
import { startSandboxMail } from "../../src/sandbox/mail/server.ts";
import { startSandboxSlack } from "../../src/sandbox/slack/server.ts";
import { destinationContract } from "./contract.ts";
import { scratchFolder } from "./scratch.ts";
import { webhook, webhookSchemas } from "./webhook.ts";

const smtp = (host: string) =>
  emailConnection.parse({ smtp: `smtps://ana:hunter2@${host}`, from: "reports@example.com" });

destinationContract({
  type: email,
  schemas: emailSchemas,
  real: [
    { connection: smtp("mail.example.com"), options: emailOptions.parse("ops@example.com") },
    { connection: smtp("mail.example.org"), options: emailOptions.parse("ops@example.org") },
  ],
  neighbour: emailOptions.parse(["ana@example.com", "Ben <ben@example.com>"]),
  reworded: emailOptions.parse({ to: "BEN@example.com", cc: "ana@example.com", subject: "Other words" }),
  secrets: ["hunter2"],
  async world() {
    const server = await startSandboxMail({ outbox: await scratchFolder() });
    onTestFinished(() => server.close());
    return {
      connection: emailConnection.parse({ smtp: server.url, from: "reports@example.com" }),
      options: emailOptions.parse("ops@example.com"),
      arrived: async () => (await server.messages()).length,
      loseAnswer: () => server.faults.add({ at: "end", drop: true }),
      hang: () => server.faults.add({ at: "data", hang: true }),
      vanish: () => server.close(),
    };
  },
});

const token = "xoxb-1-hunter2";

destinationContract({
  type: slack,
  schemas: slackSchemas,
  real: [
    { connection: slackConnection.parse({ token }), options: slackOptions.parse("#ops") },
    {
      connection: slackConnection.parse({ token, api_url: "https://slack-gov.com/api/" }),
      options: slackOptions.parse({ user: "ana@example.com" }),
    },
  ],
  neighbour: slackOptions.parse("#flight-ops"),
  reworded: slackOptions.parse({ channel: "flight-ops", message: "Other words" }),
  secrets: ["hunter2"],
  async world() {
    const server = await startSandboxSlack({ outbox: await scratchFolder() });
    onTestFinished(() => server.close());
    return {
      connection: slackConnection.parse({ token: server.token, api_url: server.url }),
      options: slackOptions.parse("#flight-ops"),
      arrived: async () => server.posts("#flight-ops").length,
      loseAnswer: () => server.faults.add({ method: "chat.postMessage", when: "after", drop: true }),
      hang: () => server.faults.add({ hang: true }),
      vanish: () => server.close(),
    };
  },
});

destinationContract({
  type: file,
  schemas: fileSchemas,
  real: [
    { connection: null, options: fileOptions.parse("/srv/reports") },
    { connection: null, options: fileOptions.parse("../../../elsewhere") },
  ],
  neighbour: fileOptions.parse("./out/"),
  reworded: fileOptions.parse({ path: "out" }),
  secrets: [],
  async world() {
    const directory = await scratchFolder();
    const folder = path.join(directory, "out", "weekly-delays");
    return {
      connection: null,
      directory,
      options: fileOptions.parse("out"),
      arrived: async () =>
        (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith(".")).length,
    };
  },
});

destinationContract({
  type: webhook,
  schemas: webhookSchemas,
  real: [
    { connection: null, options: { url: "https://hooks.example.com/hunter2" } },
    { connection: null, options: { url: "https://hooks.example.org/hunter2" } },
  ],
  neighbour: { url: "https://hooks.example.com/another" },
  reworded: null,
  secrets: ["hunter2"],
  async world() {
    const bodies: string[] = [];
    let answer = (response: ServerResponse): unknown => response.end();
    const server: Server = createServer((incoming, response) => {
      let body = "";
      incoming.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      incoming.on("end", () => {
        bodies.push(body);
        answer(response);
      });
      incoming.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const close = async () => {
      server.closeAllConnections();
      server.close();
    };
    onTestFinished(close);
    const { port } = server.address() as AddressInfo;
    return {
      connection: null,
      options: { url: `http://127.0.0.1:${port}/hook` },
      arrived: async () => bodies.length,
      loseAnswer: () => {
        answer = (response) => response.destroy();
      },
      hang: () => {
        answer = () => undefined;
      },
      vanish: close,
    };
  },
});
