import { createHash } from "node:crypto";
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import { ReportError } from "../core/error.ts";
import { call } from "./slack-client.ts";
import type { Place } from "./slack-directory.ts";
import { shareFiles, type UploadedFile } from "./slack-upload.ts";

const EVENT_TYPE = "lookpost_delivery";

/**
 * What a post carries for finding it again. Anyone in the workspace can read it, so the key is a hash. `files` are the
 * ids of uploaded files that go into its thread: whoever finds the post can see to it that they got there.
 */
export function postMetadata(key: string, files: readonly UploadedFile[]): Record<string, unknown> {
  const payload = { key: keyHash(key), files: files.map(({ id }) => id).join(",") };
  return { event_type: EVENT_TYPE, event_payload: payload };
}

export interface FoundPost {
  readonly ts: string;
  /** Ids of the files that belong into its thread. */
  readonly fileIds: readonly string[];
}

/** The bot's post with this key since then, or null where it is surely absent. Rejects with the client's errors or ReportError. */
export async function findPost(
  client: WebClient,
  key: string,
  since: Date,
  place: Place,
): Promise<FoundPost | null> {
  const wanted = keyHash(key);
  const oldest = String((since.getTime() - CLOCK_SKEW_MS) / 1000);
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const args = {
      channel: place.id,
      oldest,
      include_all_metadata: true,
      limit: PAGE_ROWS,
      ...(cursor ? { cursor } : {}),
    };
    const answer = await call(client, "conversations.history", args, historyPage);
    const post = answer.messages.find(
      ({ metadata }) => metadata?.event_type === EVENT_TYPE && metadata.event_payload.key === wanted,
    );
    if (post !== undefined) return { ts: post.ts, fileIds: idsOf(post.metadata?.event_payload.files) };
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return null;
  }
  throw new ReportError(
    `${place.label} has had more than ${PAGES_MAX * PAGE_ROWS} posts since ${since.toISOString()}.`,
    {
      code: "protocol",
      advice: "Look in the channel whether the report is there.",
    },
  );
}

/**
 * Shares the files of a found post that its thread lacks: the worker was stopped, or the connection lost, between the
 * post and its files.
 */
export async function shareMissingFiles(client: WebClient, post: FoundPost, place: Place): Promise<void> {
  if (post.fileIds.length === 0) return;
  const args = { channel: place.id, ts: post.ts, limit: PAGE_ROWS };
  const { messages } = await call(client, "conversations.replies", args, repliesPage);
  const shared = new Set(messages.flatMap(({ files = [] }) => files.map(({ id }) => id)));
  const missing = post.fileIds.filter((id) => !shared.has(id)).map((id) => ({ id }));
  if (missing.length > 0) await shareFiles(client, missing, place, post.ts);
}

/** How far this machine's clock may be ahead of Slack's. */
const CLOCK_SKEW_MS = 5 * 60_000;
const PAGE_ROWS = 200;
const PAGES_MAX = 50;

const payload = z.looseObject({ key: z.unknown(), files: z.unknown() });
const historyPage = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z.object({ event_type: z.string().optional(), event_payload: payload }).optional(),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
const repliesPage = z.object({
  messages: z.array(z.object({ files: z.array(z.object({ id: z.string() })).optional() })),
});

function keyHash(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 32);
}

function idsOf(files: unknown): string[] {
  return typeof files === "string" && files !== "" ? files.split(",") : [];
}
