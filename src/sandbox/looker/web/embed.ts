import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { jsonObject } from "../http/call.ts";
import { ApiError, type FieldProblem, missingField, validationFailed } from "../http/errors.ts";
import { json } from "../http/reply.ts";
import type { Route } from "../http/router.ts";

/** How long a signed URL can be opened for the first time. */
const urlTtlMs = 300_000;
const sessionSecondsMax = 2_592_000;
const noncesMax = 10_000;

const strings = z.array(z.string(), "should be an array of strings").nullable().exactOptional();
const text = z.string("should be a string").nullable().exactOptional();

const parameters = z.object({
  target_url: z.string("should be a string").min(1),
  session_length: z.int("should be a whole number").min(0).max(sessionSecondsMax).nullable().exactOptional(),
  force_logout_login: z.boolean("should be a boolean").exactOptional(),
  external_user_id: text,
  first_name: text,
  last_name: text,
  permissions: strings,
  models: strings,
  group_ids: strings,
  external_group_id: text,
  user_attributes: z.record(z.string(), z.unknown(), "should be an object").nullable().exactOptional(),
});

/** What the person who opens the URL may see. `groups`: the rights of the user's groups, which the sandbox takes to be all. */
export interface EmbedGrant {
  readonly path: string;
  readonly permissions: readonly string[];
  readonly models: readonly string[];
  readonly groups: readonly string[];
}

export type Opened = EmbedGrant | "used" | "expired" | "wrong";

/** Signed URLs, each good for one opening within five minutes. */
export class EmbedUrls {
  readonly #secret = randomBytes(32);
  readonly #used = new Map<string, true>();
  readonly #webUrl: () => string;
  readonly #now: () => Date;

  constructor(webUrl: () => string, now: () => Date) {
    this.#webUrl = webUrl;
    this.#now = now;
  }

  /** @throws ApiError 400 for an address that is not this Looker's, 422 for what is missing or of the wrong type. */
  create(body: Record<string, unknown>): string {
    const asked = readParameters(body);
    const query = new URLSearchParams({
      permissions: JSON.stringify(asked.permissions ?? []),
      models: JSON.stringify(asked.models ?? []),
      group_ids: JSON.stringify(asked.group_ids ?? []),
      nonce: JSON.stringify(randomBytes(16).toString("hex")),
      time: String(Math.floor(this.#now().getTime() / 1000)),
      session_length: String(asked.session_length ?? 300),
      external_user_id: JSON.stringify(asked.external_user_id ?? ""),
      first_name: JSON.stringify(asked.first_name ?? "Embed"),
      last_name: JSON.stringify(asked.last_name ?? "User"),
      user_attributes: JSON.stringify(asked.user_attributes ?? {}),
      force_logout_login: String(asked.force_logout_login ?? true),
    });
    const path = embedPath(asked.target_url, this.#webUrl());
    query.set("signature", this.#sign(path, query));
    return `${this.#webUrl()}/login/embed/${encodeURIComponent(path)}?${query}`;
  }

  /** `path` is what follows `/login/embed/`, encoded. The second opening of the same URL is refused. */
  open(path: string, given: URLSearchParams): Opened {
    const query = new URLSearchParams(given);
    const signature = Buffer.from(query.get("signature") ?? "");
    query.delete("signature");
    const expected = Buffer.from(this.#sign(path, query));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return "wrong";
    const nonce = query.get("nonce") ?? "";
    if (this.#used.has(nonce)) return "used";
    if (this.#now().getTime() - Number(query.get("time")) * 1000 > urlTtlMs) return "expired";
    this.#used.set(nonce, true);
    const [oldest] = this.#used.keys();
    if (this.#used.size > noncesMax && oldest !== undefined) this.#used.delete(oldest);
    const listed = (name: string) => z.array(z.string()).parse(JSON.parse(query.get(name) ?? "[]"));
    return {
      path: path.replace(/^\/embed/, ""),
      permissions: listed("permissions"),
      models: listed("models"),
      groups: listed("group_ids"),
    };
  }

  #sign(path: string, query: URLSearchParams): string {
    return createHmac("sha256", this.#secret).update(`${path}\n${query}`).digest("base64");
  }
}

export function embedRoutes(urls: EmbedUrls): Route[] {
  return [
    {
      operation: "create_sso_embed_url",
      method: "POST",
      path: "/embed/sso_url",
      answer: (call) => json({ url: urls.create(jsonObject(call)) }),
    },
  ];
}

function readParameters(body: Record<string, unknown>) {
  const read = parameters.safeParse(body);
  if (!read.success) {
    throw validationFailed(
      ...read.error.issues.map((issue): FieldProblem => {
        const field = String(issue.path[0] ?? "");
        const given = body[field];
        const isMissing = given === undefined || given === null || given === "";
        return isMissing ? missingField(field) : { field, code: "invalid", message: issue.message };
      }),
    );
  }
  const { permissions, models, group_ids } = read.data;
  const isGiven = (list: readonly string[] | null | undefined) => (list ?? []).length > 0;
  if (!isGiven(group_ids) && !(isGiven(permissions) && isGiven(models))) {
    throw validationFailed(
      ...(isGiven(permissions) ? [] : [missingField("permissions")]),
      ...(isGiven(models) ? [] : [missingField("models")]),
    );
  }
  return read.data;
}

/** The page below `/embed`, whether the target was given as that or as the page of Looker itself. */
function embedPath(target: string, webUrl: string): string {
  const url = URL.canParse(target) ? new URL(target) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new ApiError(400, "target_url must be a complete URL: scheme, host and path");
  }
  if (hostOf(url) !== hostOf(new URL(webUrl))) {
    throw new ApiError(400, `target_url names ${url.host}, which is not this Looker`);
  }
  const page = `${url.pathname}${url.search}`;
  return page.startsWith("/embed/") ? page : `/embed${page}`;
}

function hostOf({ hostname, port }: URL): string {
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return `${isLoopback ? "loopback" : hostname}:${port}`;
}
