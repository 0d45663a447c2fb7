/**
 * Run as a process of its own: delivers one small and then one large file, and writes by how many bytes the large one
 * raised the highest memory use. Arguments: email or slack, the server's URL, the token, the small file, the large file.
 */
import { stat } from "node:fs/promises";
import {
  emailConnection,
  emailOptions,
  openEmail,
  openSlack,
  slackConnection,
  slackOptions,
} from "../../src/deliver/index.ts";
import { renderMail, renderSlack, sampleMessage, systemClock } from "./sample-message.ts";

const [kind, url, token, small = "", large = ""] = process.argv.slice(2);
const signal = new AbortController().signal;

async function deliver(file: string): Promise<void> {
  const { size } = await stat(file);
  const artifact = {
    filename: "data.csv",
    contentType: "text/csv",
    file: { path: file, bytes: size },
    rows: null,
  };
  const message = sampleMessage({ artifacts: [artifact] });
  const outcome =
    kind === "email"
      ? await openEmail(emailConnection.parse({ smtp: url, from: "reports@example.com" }), {
          renderMail,
          clock: systemClock,
        }).deliver(message, emailOptions.parse("ana@example.com"), signal)
      : await openSlack(slackConnection.parse({ token, api_url: url }), {
          renderSlack,
          clock: systemClock,
        }).deliver(message, slackOptions.parse("#flight-ops"), signal);
  if (outcome.kind !== "sent") throw new Error(JSON.stringify(outcome));
}

const highestBytes = () => process.resourceUsage().maxRSS * 1024;

await deliver(small);
const before = highestBytes();
await deliver(large);
process.stdout.write(String(highestBytes() - before));
