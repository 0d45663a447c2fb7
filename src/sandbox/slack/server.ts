import { createServer } from "node:http";
import path from "node:path";
import { close, listen } from "../loopback.ts";
import { answer, type SlackRequest, type SlackSandbox } from "./answer.ts";
import { type AnyFault, type SlackFaults, slackFaults } from "./faults.ts";
import type { SlackFile, SlackMessage } from "./message.ts";
import { openSlackOutbox, readStored } from "./outbox.ts";
import { bot, type ChannelSeed, type SlackChannel, type SlackUser, type UserSeed } from "./people.ts";
import { uploadsInto } from "./uploads.ts";
import { newWorkspace, type Workspace } from "./workspace.ts";

export type SandboxSlackOptions = {
  /** 0 or absent: any free port. */
  port?: number;
  /** Posts and files are kept in `<outbox>/slack`, over restarts too. */
  outbox: string;
  token?: string;
  /** What the token may do; by default all that a report needs. */
  scopes?: readonly string[];
  channels?: readonly ChannelSeed[];
  users?: readonly UserSeed[];
  faults?: readonly AnyFault[];
  /** How long an uploaded file has no type yet, and cannot be shown by a block; by default 100 ms. */
  processingMs?: number;
  /** How long after it a post may be edited, as a workspace's settings say; by default without limit. */
  editWindowMs?: number;
};

export type SandboxSlack = {
  /** `http://127.0.0.1:PORT/api/`, for WebClient's slackApiUrl. */
  url: string;
  port: number;
  token: string;
  botName: string;
  channels(): readonly SlackChannel[];
  users(): readonly SlackUser[];
  /** Messages of a channel by id or name, oldest first, replies among them. */
  posts(channel: string): readonly SlackMessage[];
  files(): readonly SlackFile[];
  /** Where a file's bytes lie. */
  pathOf(file: SlackFile): string;
  faults: SlackFaults;
  /** The last 10,000 calls, oldest first; `method` is "upload" for the POST to an upload URL. */
  requests: readonly SlackRequest[];
  close(): Promise<void>;
};

const usualScopes = [
  ...[
    "chat:write",
    "files:write",
    "files:read",
    "users:read",
    "users:read.email",
    "im:write",
    "channels:join",
  ],
  ...["channels:read", "groups:read", "im:read", "channels:history", "groups:history", "im:history"],
];

/** A Slack Web API on loopback that keeps what is posted. Rejects with the system's error where the port cannot be had. */
export async function startSandboxSlack(options: SandboxSlackOptions): Promise<SandboxSlack> {
  let port = 0;
  const origin = () => `http://127.0.0.1:${port}`;
  const folder = path.join(options.outbox, "slack");
  const stored = await readStored(folder);
  const workspace = newWorkspace(options, stored.channels);
  const outbox = await openSlackOutbox(folder, workspace.messages);
  const sandbox: SlackSandbox = {
    workspace,
    outbox,
    uploads: uploadsInto(outbox.filesFolder, origin, stored, options.processingMs ?? 100),
    faults: slackFaults(options.faults),
    requests: [],
    token: options.token ?? "xoxb-sandbox",
    scopes: options.scopes ?? usualScopes,
    editWindowMs: options.editWindowMs ?? Number.POSITIVE_INFINITY,
    origin,
  };
  const server = createServer((request, response) => {
    answer(sandbox, request, response).catch(() => response.destroy());
  });
  port = await listen(server, options.port ?? 0);
  return {
    url: `${origin()}/api/`,
    port,
    token: sandbox.token,
    botName: bot.name,
    channels: () => workspace.channels,
    users: () => workspace.users,
    posts: (reference) => workspace.messages(seen(workspace, reference)),
    files: () => sandbox.uploads.files(),
    pathOf: (file) => path.join(outbox.filesFolder, file.stored_as),
    faults: sandbox.faults,
    requests: sandbox.requests,
    close: () => close(server),
  };
}

/** Seen from outside there are all channels, also those that the bot may not see. */
function seen(workspace: Workspace, reference: string): SlackChannel {
  const name = reference.replace(/^#/, "");
  const channel = workspace.channels.find((each) => each.id === reference || each.name === name);
  if (channel === undefined) throw new Error(`the sandbox's Slack has no channel ${reference}`);
  return channel;
}
