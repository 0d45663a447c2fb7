import { randomBytes } from "node:crypto";
import { type Call, jsonObject } from "./call.ts";
import { ApiError, notFound, validationFailed } from "./errors.ts";
import { empty, json } from "./reply.ts";
import type { Route } from "./router.ts";

const tokensMax = 10_000;

export interface SessionOptions {
  clientId: string;
  clientSecret: string;
  /** How long a token is good for. */
  tokenSeconds: number;
  now: () => Date;
}

/** The logins of the one API user. */
export class Sessions {
  readonly #options: SessionOptions;
  readonly #expiry = new Map<string, number>();
  /** Of those that have left production. */
  readonly #workspaces = new Map<string, string>();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** A new token, or null where the credentials are wrong. */
  login(
    clientId: string | null,
    clientSecret: string | null,
  ): { token: string; expiresInSeconds: number } | null {
    const { tokenSeconds, now } = this.#options;
    if (clientId !== this.#options.clientId || clientSecret !== this.#options.clientSecret) return null;
    const token = randomBytes(20).toString("hex");
    this.#expiry.set(token, now().getTime() + tokenSeconds * 1000);
    const [oldest] = this.#expiry.keys();
    if (this.#expiry.size > tokensMax && oldest !== undefined) this.#expiry.delete(oldest);
    return { token, expiresInSeconds: tokenSeconds };
  }

  isGood(token: string | null): boolean {
    const expiry = token === null ? undefined : this.#expiry.get(token);
    return expiry !== undefined && this.#options.now().getTime() < expiry;
  }

  workspaceOf(token: string | null): string {
    return this.#workspaces.get(token ?? "") ?? "production";
  }

  enter(token: string | null, workspace: string): void {
    if (this.isGood(token)) this.#workspaces.set(token ?? "", workspace);
  }

  revoke(token: string | null): void {
    this.#workspaces.delete(token ?? "");
    if (token !== null) this.#expiry.delete(token);
  }
}

/** Looker's text says `token X`, its SDKs send `Bearer X`: both are good. */
export function bearerToken(authorization: string | undefined): string | null {
  return /^(?:bearer|token)\s+(\S+)$/i.exec(authorization?.trim() ?? "")?.[1] ?? null;
}

export function authenticationRequired(): ApiError {
  return new ApiError(401, "Requires authentication.");
}

export function sessionRoutes(sessions: Sessions): Route[] {
  return [
    {
      operation: "login",
      method: "POST",
      path: "/login",
      open: true,
      answer: (call) => login(call, sessions),
    },
    {
      operation: "logout",
      method: "DELETE",
      path: "/logout",
      answer: (call) => {
        sessions.revoke(call.token);
        return empty(204);
      },
    },
    {
      operation: "session",
      method: "GET",
      path: "/session",
      answer: (call) => json(sessionJson(sessions.workspaceOf(call.token))),
    },
    {
      operation: "update_session",
      method: "PATCH",
      path: "/session",
      answer: (call) => {
        const { workspace_id: workspace } = jsonObject(call);
        if (workspace !== "dev" && workspace !== "production")
          throw validationFailed({ field: "workspace_id", code: "invalid", message: "is not a workspace" });
        sessions.enter(call.token, workspace);
        return json(sessionJson(workspace));
      },
    },
  ];
}

function sessionJson(workspace_id: string) {
  return { can: { view: true, update: true }, workspace_id, sudo_user_id: null };
}

function login(call: Call, sessions: Sessions) {
  const form = new URLSearchParams(call.body);
  const given = (name: string) => form.get(name) ?? call.query.get(name);
  const session = sessions.login(given("client_id"), given("client_secret"));
  // Wrong credentials are "not found", not "unauthorized": as in Looker.
  if (session === null) throw notFound();
  return json({
    access_token: session.token,
    token_type: "Bearer",
    expires_in: session.expiresInSeconds,
    refresh_token: null,
  });
}
