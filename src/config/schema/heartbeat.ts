import type { Problem } from "../../core/model/problem.ts";
import { word } from "./word.ts";

const ADVICE = `Write the whole URL of the check, as in https://hc-ping.com/\${HEARTBEAT_ID}.`;

export const heartbeat = word(parseHeartbeat).meta({
  description:
    "URL that is pinged every minute while the scheduler is well, in the manner of Healthchecks; /fail is appended to its path when it is not.",
  examples: [`https://hc-ping.com/\${HEARTBEAT_ID}`],
  secret: "hidden",
  variable: "HEARTBEAT_URL",
});

/** A URL to ping, or what is wrong with it. Never repeats what it read. */
export function parseHeartbeat(text: string): { readonly url: string } | Problem {
  const written = text.trim();
  const url = URL.canParse(written) ? new URL(written) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    return { message: "heartbeat has to be an http or https URL", advice: ADVICE };
  if (url.hash !== "")
    return { message: "heartbeat has a # in it: what stands behind it is never sent", advice: ADVICE };
  return { url: written };
}
