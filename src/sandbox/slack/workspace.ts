import type { SlackMessage } from "./message.ts";
import type { Stored } from "./outbox.ts";
import type { ChannelSeed, SlackChannel, UserSeed } from "./people.ts";
import { bot, makeChannels, makeUsers, type SlackUser } from "./people.ts";
import { SlackRefusal } from "./refusal.ts";

export type Workspace = {
  users: readonly SlackUser[];
  channels: readonly SlackChannel[];
  messages(channel: SlackChannel): readonly SlackMessage[];
  /** By id, `#name` or name, as chat.postMessage takes them; where the bot may not look, Slack says it does not exist. */
  channel(reference: string): SlackChannel;
  /** As `channel`, and refuses where the bot is not a member or the channel is archived. */
  channelToPostIn(reference: string): SlackChannel;
  /** The direct conversation with a user, opened if there is none. */
  direct(user: SlackUser): { channel: SlackChannel; opened: boolean };
  add(channel: SlackChannel, content: MessageContent): SlackMessage;
  message(channel: SlackChannel, ts: string): SlackMessage;
  remove(channel: SlackChannel, ts: string): void;
};

export type MessageContent = Partial<
  Pick<SlackMessage, "blocks" | "attachments" | "thread_ts" | "metadata" | "files" | "subtype">
> & { text: string };

/** `stored`: what an earlier process with the same outbox was given. */
export function newWorkspace(
  seeds: { channels?: readonly ChannelSeed[]; users?: readonly UserSeed[] },
  stored: Stored["channels"],
): Workspace {
  const users = makeUsers(seeds.users);
  const channels = makeChannels(seeds.channels);
  const posts = restore(stored, channels);
  const nextTs = timestamps([...posts.values()].flat());
  const of = (channel: SlackChannel) => {
    const known = posts.get(channel.id) ?? [];
    posts.set(channel.id, known);
    return known;
  };
  const workspace: Workspace = {
    users,
    channels,
    messages: of,
    channel(reference) {
      const name = reference.replace(/^#/, "");
      const found = channels.find(
        (each) => each.id === reference || (each.kind !== "im" && each.name === name),
      );
      if (found !== undefined && (found.kind === "public_channel" || found.isMember)) return found;
      const user = users.find((each) => each.id === reference);
      if (user === undefined) throw new SlackRefusal("channel_not_found");
      return workspace.direct(user).channel;
    },
    channelToPostIn(reference) {
      const channel = workspace.channel(reference);
      if (channel.isArchived) throw new SlackRefusal("is_archived");
      if (!channel.isMember) throw new SlackRefusal("not_in_channel");
      return channel;
    },
    direct(user) {
      const known = channels.find((each) => each.kind === "im" && each.userId === user.id);
      if (known !== undefined) return { channel: known, opened: false };
      const channel = directChannel(user);
      channels.push(channel);
      return { channel, opened: true };
    },
    add(channel, content) {
      const message = newMessage(nextTs(), content);
      of(channel).push(message);
      return message;
    },
    message(channel, ts) {
      const found = of(channel).find((each) => each.ts === ts);
      if (found === undefined) throw new SlackRefusal("message_not_found");
      return found;
    },
    remove(channel, ts) {
      const list = of(channel);
      list.splice(list.indexOf(workspace.message(channel, ts)), 1);
    },
  };
  return workspace;
}

/** Adds the channels that are missing; one whose id belongs to another channel by now is left alone. */
function restore(stored: Stored["channels"], channels: SlackChannel[]): Map<string, SlackMessage[]> {
  const posts = new Map<string, SlackMessage[]>();
  for (const { channel, messages } of stored) {
    const known = channels.find(({ id }) => id === channel.id);
    if (known !== undefined && known.name !== channel.name) continue;
    if (known === undefined) channels.push(channel);
    posts.set(channel.id, [...messages]);
  }
  return posts;
}

function newMessage(ts: string, content: MessageContent): SlackMessage {
  return {
    type: "message",
    user: bot.userId,
    ts,
    bot_id: bot.botId,
    app_id: bot.appId,
    team: bot.teamId,
    bot_profile: { id: bot.botId, name: bot.name, app_id: bot.appId, team_id: bot.teamId },
    ...content,
  };
}

function directChannel(user: SlackUser): SlackChannel {
  return {
    id: user.id.replace(/^U/, "D"),
    name: user.name,
    kind: "im",
    isArchived: false,
    isMember: true,
    userId: user.id,
    created: Math.floor(Date.now() / 1000),
  };
}

/** Message ids as Slack makes them: seconds and microseconds, each later than the one before. */
function timestamps(earlier: readonly SlackMessage[]): () => string {
  let lastMicros = earlier.reduce((last, { ts }) => Math.max(last, Math.round(Number(ts) * 1e6)), 0);
  return () => {
    lastMicros = Math.max(lastMicros + 1, Date.now() * 1000);
    return `${Math.floor(lastMicros / 1e6)}.${String(lastMicros % 1e6).padStart(6, "0")}`;
  };
}
