import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Listing {
  /** All entries, odd ones too. */
  readonly channels: readonly unknown[];
  readonly rows: number;
  /** After so many pages the next call is answered 429. */
  readonly limitedAfter?: number;
  /** What its Retry-After says. */
  readonly waitS?: number;
  readonly endless?: boolean;
  /** Called before each answer: what it returns is answered in place of the page. */
  /** What conversations.info says of any channel; by default, what the list does. */
  readonly info?: object;
  readonly instead?: (cursor: string, page: number) => object | null;
}

/** A Slack that lists as it is told, and takes every post. */
export async function listingSlack(told: Listing) {
  const { channels, rows, limitedAfter = 0, waitS = 60, endless = false, instead, info } = told;
  const seen: { method: string; args: URLSearchParams; limited: boolean }[] = [];
  let served = 0;
  const slack = createServer(async (request, response) => {
    const method = request.url?.split("/").at(-1) ?? "";
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const args = new URLSearchParams(body);
    const limited = method === "conversations.list" && limitedAfter > 0 && served >= limitedAfter;
    seen.push({ method, args, limited });
    response.setHeader("content-type", "application/json");
    if (limited) {
      served = 0;
      response.statusCode = 429;
      response.setHeader("retry-after", waitS);
      response.end('{"ok":false,"error":"ratelimited"}');
    } else if (method === "conversations.list") {
      served += 1;
      const cursor = args.get("cursor") ?? "";
      const at = Number(cursor);
      const next = endless || at + rows < channels.length ? String(at + rows) : "";
      const page = {
        ok: true,
        channels: channels.slice(at, at + rows),
        response_metadata: { next_cursor: next },
      };
      response.end(JSON.stringify(instead?.(cursor, served) ?? page));
    } else if (method === "conversations.info") {
      response.end(JSON.stringify(info ?? infoOf(args.get("channel"))));
    } else {
      response.end(JSON.stringify({ ok: true, channel: args.get("channel"), ts: "1764000000.000100" }));
    }
  });
  const infoOf = (id: string | null) => {
    const channel = channels.find((one) => (one as { id?: string } | null)?.id === id);
    return channel === undefined ? { ok: false, error: "channel_not_found" } : { ok: true, channel };
  };
  await new Promise<void>((resolve) => slack.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    slack.closeAllConnections();
    slack.close();
  });
  const pages = () => seen.filter(({ method, limited }) => method === "conversations.list" && !limited);
  const { port } = slack.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/api/`, seen, pages };
}

export const noise = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `C0NOISE${index}`, name: `noise-${index}` }));
export const target = { id: "C0TARGET01", name: "target" };
