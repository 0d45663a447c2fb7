/**
 * Run as a process of its own: delivers one small and then one large file, and writes by how many bytes the large one
 * raised the highest memory use. Arguments: email, slack or file, the server's URL or the folder, the token, the small
 * file, the large file.
 */
import { stat } from "node:fs/promises";
import type { Message } from "../../src/core/model/message.ts";
import type { Outcome } from "../../src/core/model/outcome.ts";
import { openEmail } from "../../src/deliver/email/email.ts";
import { emailConnection, emailOptions } from "../../src/deliver/email/schema.ts";
import { openFile } from "../../src/deliver/file/file.ts";
import { fileOptions } from "../../src/deliver/file/schema.ts";
import { slackConnection, slackOptions } from "../../src/deliver/slack/schema.ts";
import { openSlack } from "../../src/deliver/slack/slack.ts";
import { renderMail, renderSlack, sampleMessage, systemClock, termsOf } from "./sample-message.ts";

const [kind, url, token, small = "", large = ""] = process.argv.slice(2);

function send(message: Message): Promise<Outcome> {
  const deps = { renderMail, renderSlack, clock: systemClock };
  if (kind === "email") {
    const connection = emailConnection.parse({ smtp: url, from: "reports@example.com" });
    return openEmail(connection, deps).deliver(message, emailOptions.parse("ana@example.com"), termsOf());
  }
  if (kind === "slack") {
    const connection = slackConnection.parse({ token, api_url: url });
    return openSlack(connection, deps).deliver(message, slackOptions.parse("#flight-ops"), termsOf());
  }
  const destination = openFile({ renderMail, directory: url ?? "" });
  return destination.deliver(message, fileOptions.parse("./out/"), termsOf());
}

async function deliver(file: string): Promise<void> {
  const { size } = await stat(file);
  const artifact = {
    filename: "data.csv",
    contentType: "text/csv",
    file: { path: file, bytes: size },
    rows: null,
    sections: [0],
  };
  const message = sampleMessage({ key: file, artifacts: [artifact] });
  const outcome = await send(message);
  if (outcome.kind !== "sent") throw new Error(JSON.stringify(outcome));
}

const highestBytes = () => process.resourceUsage().maxRSS * 1024;

await deliver(small);
const before = highestBytes();
await deliver(large);
process.stdout.write(String(highestBytes() - before));
