import type { IncomingMessage } from "node:http";
import { SlackRefusal } from "./refusal.ts";

const bodyBytesMax = 4 * 1024 * 1024;

/** The arguments of one call, however they came: a form (where lists and objects are JSON text), JSON, or the query string. */
export type Arguments = {
  /** All of them, as they came, without the token. */
  all: Readonly<Record<string, unknown>>;
  token: string | undefined;
  text(name: string): string | undefined;
  /** Refuses the call as Slack does where the argument is missing. */
  required(name: string): string;
  flag(name: string): boolean;
  /** A whole number, cut to `max`; `fallback` where it is absent or none. */
  count(name: string, fallback: number, max: number): number;
  /** A list or an object; `refusal` is Slack's error for text that is not JSON. */
  json(name: string, refusal: string): unknown;
};

export async function readArguments(request: IncomingMessage, url: URL): Promise<Arguments> {
  const { token, ...all } = { ...Object.fromEntries(url.searchParams), ...(await readBody(request)) };
  const text = (name: string): string | undefined => {
    const value = all[name];
    if (value === undefined || value === null || value === "") return undefined;
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  };
  return {
    all,
    token: token === undefined ? undefined : String(token),
    text,
    required(name) {
      const value = text(name);
      if (value !== undefined) return value;
      throw new SlackRefusal("invalid_arguments", {
        response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
      });
    },
    flag: (name) => ["true", "1"].includes(text(name) ?? ""),
    count(name, fallback, max) {
      const value = Number.parseInt(text(name) ?? "", 10);
      return Number.isNaN(value) || value < 1 ? fallback : Math.min(value, max);
    },
    json(name, refusal) {
      const value = text(name);
      if (value === undefined) return undefined;
      try {
        return JSON.parse(value);
      } catch {
        throw new SlackRefusal(refusal);
      }
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await readText(request);
  if (body === "") return {};
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("application/x-www-form-urlencoded"))
    return Object.fromEntries(new URLSearchParams(body));
  if (!type.startsWith("application/json")) throw new SlackRefusal("invalid_post_type");
  return parseObject(body);
}

function parseObject(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new SlackRefusal("invalid_json");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new SlackRefusal("json_not_object");
  return { ...value };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new SlackRefusal("request_too_large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
