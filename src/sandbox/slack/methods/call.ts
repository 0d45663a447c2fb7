import type { Arguments } from "../arguments.ts";
import type { SlackOutbox } from "../outbox.ts";
import type { Uploads } from "../uploads.ts";
import type { Workspace } from "../workspace.ts";

/** What one call can use. */
export type Call = {
  args: Arguments;
  workspace: Workspace;
  outbox: SlackOutbox;
  uploads: Uploads;
  /** `http://127.0.0.1:PORT`. */
  origin: string;
  /** How long after it a post may be edited. */
  editWindowMs: number;
  /** Refuses with missing_scope unless the token has it. */
  needs(scope: string): void;
};

export type Method = (call: Call) => Promise<Record<string, unknown>> | Record<string, unknown>;
