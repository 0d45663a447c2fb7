import type { WebClient } from "@slack/web-api";
import { didYouMean } from "../../core/rules/nearest.ts";
import { list, optional, shape, text } from "./answer.ts";
import { call } from "./client.ts";
import { isChannelId, type SlackOptions } from "./options.ts";
import { type Failure, failureOf, slackErrorCode } from "./outcome.ts";

/** A conversation to post in. */
export interface Conversation {
  readonly kind: "conversation";
  readonly id: string;
  /** As a person knows it: "#flight-ops". */
  readonly label: string;
}

/** Names to ids. Only ids are safe to post to: a name can move to another channel, an id cannot. */
export interface Directory {
  find(client: WebClient, options: SlackOptions): Promise<Conversation | Failure>;
  /** Drops what is known of a place that Slack no longer has, so that it is looked up again. */
  forget(conversation: Conversation): void;
}

export function slackDirectory(): Directory {
  /** What has been found, by label. */
  const known = new Map<string, string>();
  return {
    async find(client, options) {
      const label = options.channel ?? options.user ?? "";
      const id =
        options.channel !== null && isChannelId(options.channel) ? options.channel : known.get(label);
      if (id !== undefined) return { kind: "conversation", id, label };
      try {
        return options.channel === null ? await person(client, label) : await channel(client, label);
      } catch (thrown) {
        return failureOf(thrown, false, label);
      }
    },
    forget: ({ label }) => known.delete(label),
  };

  async function channel(client: WebClient, label: string): Promise<Conversation | Failure> {
    const channels = await listChannels(client);
    for (const { name, id } of channels) known.set(`#${name}`, id);
    const id = known.get(label);
    if (id !== undefined) return { kind: "conversation", id, label };
    const meant = didYouMean(
      label,
      channels.map(({ name }) => `#${name}`),
    );
    return {
      kind: "refused",
      reason: `The bot sees no channel ${label}.${meant}`,
      advice:
        "Check the name. An archived channel cannot be posted to, and a private one is only visible once the bot has been invited.",
    };
  }

  async function person(client: WebClient, email: string): Promise<Conversation> {
    const { user } = await call(client, "users.lookupByEmail", { email }, foundUser);
    const { channel } = await call(client, "conversations.open", { users: user.id }, openedChannel);
    known.set(email, channel.id);
    return { kind: "conversation", id: channel.id, label: email };
  }
}

const foundUser = shape({ user: shape({ id: text }) });
const openedChannel = shape({ channel: shape({ id: text }) });
const channelPage = shape({
  channels: list(shape({ id: text, name: text })),
  response_metadata: optional(shape({ next_cursor: optional(text) })),
});

/** Slack advises at most 200, and takes fewer than 1,000; a large page spares calls, of which 20 a minute are allowed. */
const PAGE_ROWS = 999;
const PAGES_MAX = 50;

async function listChannels(client: WebClient): Promise<{ name: string; id: string }[]> {
  try {
    return await listOf(client, "public_channel,private_channel");
  } catch (thrown) {
    // A token that may not see private channels is right to have where no report goes to one.
    if (slackErrorCode(thrown) !== "missing_scope") throw thrown;
    return await listOf(client, "public_channel");
  }
}

async function listOf(client: WebClient, types: string): Promise<{ name: string; id: string }[]> {
  const found: { name: string; id: string }[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const args = { types, exclude_archived: true, limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) };
    const answer = await call(client, "conversations.list", args, channelPage);
    found.push(...answer.channels);
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) break;
  }
  return found;
}
