import type { SlackMessage } from "../message.ts";
import { channelObject, type SlackChannel } from "../people.ts";
import { SlackRefusal } from "../refusal.ts";
import type { Workspace } from "../workspace.ts";
import type { Call, Method } from "./call.ts";

const pageMax = 999;
const pageDefault = 100;

export const conversationMethods: Record<string, Method> = {
  "conversations.list": list,
  "conversations.info": info,
  "conversations.open": open,
  "conversations.join": join,
  "conversations.history": history,
  "conversations.replies": replies,
};

function list({ args, workspace, needs }: Call): Record<string, unknown> {
  const types = (args.text("types") ?? "public_channel").split(",").map((type) => type.trim());
  for (const type of types) {
    const scope = readScopes[type];
    if (scope === undefined) throw new SlackRefusal("invalid_types");
    needs(scope);
  }
  const visible = workspace.channels.filter(
    (channel) =>
      types.includes(channel.kind) &&
      (channel.kind === "public_channel" || channel.isMember) &&
      !(args.flag("exclude_archived") && channel.isArchived),
  );
  const { page, ...rest } = paged(args, visible);
  return { channels: page.map(channelObject), ...rest };
}

const readScopes: Record<string, string> = {
  public_channel: "channels:read",
  private_channel: "groups:read",
  im: "im:read",
  mpim: "mpim:read",
};

function info({ args, workspace, needs }: Call): Record<string, unknown> {
  const channel = workspace.channel(args.required("channel"));
  needs(readScopes[channel.kind] ?? "channels:read");
  return { channel: channelObject(channel) };
}

function open({ args, workspace, needs }: Call): Record<string, unknown> {
  needs("im:write");
  const ids = args.required("users").split(",");
  // Conversations of several people are none of the sandbox's.
  if (ids.length > 1) throw new SlackRefusal("restricted_action");
  const user = workspace.users.find((each) => each.id === ids[0]);
  if (user === undefined) throw new SlackRefusal("user_not_found");
  const { channel, opened } = workspace.direct(user);
  const already = opened ? {} : { no_op: true, already_open: true };
  return { ...already, channel: args.flag("return_im") ? channelObject(channel) : { id: channel.id } };
}

function join({ args, workspace, needs }: Call): Record<string, unknown> {
  needs("channels:join");
  const channel = workspace.channel(args.required("channel"));
  if (channel.kind !== "public_channel") throw new SlackRefusal("method_not_supported_for_channel_type");
  if (channel.isArchived) throw new SlackRefusal("is_archived");
  const already = channel.isMember ? { warning: "already_in_channel" } : {};
  channel.isMember = true;
  return { channel: channelObject(channel), ...already };
}

function history(call: Call): Record<string, unknown> {
  const { args, workspace } = call;
  const channel = readable(call);
  const top = workspace
    .messages(channel)
    .filter((message) => message.thread_ts === undefined || message.subtype === "thread_broadcast")
    .filter(within(args))
    .toReversed();
  const { page, ...rest } = paged(args, top);
  return { messages: page.map((message) => shown(call, channel, message)), pin_count: 0, ...rest };
}

function replies(call: Call): Record<string, unknown> {
  const { args, workspace } = call;
  const channel = readable(call);
  const ts = args.required("ts");
  const parent = workspace.messages(channel).find((message) => message.ts === ts);
  if (parent === undefined) throw new SlackRefusal("thread_not_found");
  const { page, ...rest } = paged(args, repliesTo(workspace, channel, ts).filter(within(args)));
  return { messages: [parent, ...page].map((message) => shown(call, channel, message)), ...rest };
}

function readable({ args, workspace, needs }: Call): SlackChannel {
  const channel = workspace.channel(args.required("channel"));
  needs(
    { public_channel: "channels:history", private_channel: "groups:history", im: "im:history" }[channel.kind],
  );
  if (!channel.isMember) throw new SlackRefusal("not_in_channel");
  return channel;
}

/** `oldest` and `latest` are exclusive unless `inclusive`. */
function within(args: Call["args"]): (message: SlackMessage) => boolean {
  const oldest = Number(args.text("oldest") ?? 0);
  const latest = Number(args.text("latest") ?? Number.POSITIVE_INFINITY);
  const inclusive = args.flag("inclusive");
  return ({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  };
}

/** A message as history and replies show it: metadata only on request, and a parent with its thread's numbers. */
function shown(
  { args, workspace }: Call,
  channel: SlackChannel,
  message: SlackMessage,
): Record<string, unknown> {
  const { metadata, ...rest } = message;
  const thread = repliesTo(workspace, channel, message.ts);
  const users = [...new Set(thread.map((reply) => reply.user))];
  return {
    ...rest,
    ...(metadata !== undefined && args.flag("include_all_metadata") ? { metadata } : {}),
    ...(thread.length === 0
      ? {}
      : {
          thread_ts: message.ts,
          reply_count: thread.length,
          reply_users_count: users.length,
          reply_users: users,
          latest_reply: thread.at(-1)?.ts,
        }),
  };
}

function repliesTo(workspace: Workspace, channel: SlackChannel, ts: string): SlackMessage[] {
  return workspace.messages(channel).filter((message) => message.thread_ts === ts && message.ts !== ts);
}

type Page<T> = { page: T[]; has_more: boolean; response_metadata: { next_cursor: string } };

/** Cursors are opaque to clients; here they hold the offset of the next page. */
function paged<T>(args: Call["args"], all: readonly T[]): Page<T> {
  const cursor = args.text("cursor");
  const start = cursor === undefined ? 0 : offsetOf(cursor);
  const end = start + args.count("limit", pageDefault, pageMax);
  const next = end < all.length ? Buffer.from(`next:${end}`).toString("base64") : "";
  return { page: all.slice(start, end), has_more: next !== "", response_metadata: { next_cursor: next } };
}

function offsetOf(cursor: string): number {
  const offset = /^next:(\d+)$/.exec(Buffer.from(cursor, "base64").toString("utf8"))?.[1];
  if (offset === undefined) throw new SlackRefusal("invalid_cursor");
  return Number(offset);
}
