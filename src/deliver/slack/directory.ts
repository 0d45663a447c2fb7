import type { WebClient } from "@slack/web-api";
import { didYouMean } from "../../core/rules/nearest.ts";
import { flag, foreign, optional, shape, text } from "./answer.ts";
import { type ChannelListDeps, channelList, type Listed } from "./channel-list.ts";
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

/** A post as the ledger has it. */
export function externalId(conversation: Conversation, ts: string): string {
  return `${conversation.id}:${ts}`;
}

/** Names to ids. Only ids are safe to post to: a name can move to another channel, an id cannot. */
export interface Directory {
  find(options: SlackOptions, signal: AbortSignal): Promise<Conversation | Failure>;
  /** What was found last, whether or not it is still so; null: nothing, or it is an id. */
  last(options: SlackOptions): Conversation | null;
  /** Drops what is known of a place that Slack no longer has, so that it is looked up again. False where there is nothing to look up: it is an id. */
  forget(conversation: Conversation): boolean;
}

/** What was found is used without asking for so long. */
const KEPT_MS = 5 * 60_000;

export function slackDirectory(deps: ChannelListDeps): Directory {
  const { clock, clientFor } = deps;
  const channels = channelList(deps);
  /** What has been asked for and found, by label; a channel's is confirmed before it is used. */
  const known = new Map<string, Listed>();
  const now = () => clock.now().getTime();
  const isYoung = ({ at }: Listed) => now() - at <= KEPT_MS;

  /** What is known of a channel's name, if it is still so: one call, where a look-up takes many. */
  async function stillThere(name: string, label: string, client: WebClient): Promise<Listed | null> {
    const kept = known.get(label) ?? channels.peek(name);
    if (kept === null) return null;
    const isSame = await bears(client, kept.id, name);
    if (isSame === true) return { id: kept.id, at: now() };
    if (isSame === null && isYoung(kept)) return kept;
    known.delete(label);
    if (isSame === false) channels.distrust(name, kept.id);
    return null;
  }

  async function channel(label: string, signal: AbortSignal): Promise<Conversation | Failure> {
    const name = label.replace(/^#/, "").normalize();
    const there = await stillThere(name, label, clientFor(signal));
    const found =
      there === null ? await channels.search(name, signal) : { ...there, kind: "listed" as const };
    if (found.kind === "absent") return notListed(label, found.names, found.isCut);
    known.set(label, { id: found.id, at: found.at });
    return { kind: "conversation", id: found.id, label };
  }

  async function person(email: string, signal: AbortSignal): Promise<Conversation> {
    const kept = known.get(email);
    if (kept !== undefined && isYoung(kept)) return { kind: "conversation", id: kept.id, label: email };
    const client = clientFor(signal);
    const { user } = await call(client, "users.lookupByEmail", { email }, foundUser);
    const opened = await call(client, "conversations.open", { users: user.id }, openedChannel);
    known.set(email, { id: opened.channel.id, at: now() });
    return { kind: "conversation", id: opened.channel.id, label: email };
  }

  return {
    async find(options, signal) {
      const label = options.channel ?? options.user ?? "";
      if (options.channel !== null && isChannelId(options.channel))
        return { kind: "conversation", id: options.channel, label };
      try {
        return options.channel === null ? await person(label, signal) : await channel(label, signal);
      } catch (thrown) {
        return failureOf(thrown, false, label);
      }
    },
    last(options) {
      const label = options.channel ?? options.user ?? "";
      const kept = known.get(label);
      return kept === undefined ? null : { kind: "conversation", id: kept.id, label };
    },
    forget({ id, label }) {
      if (id === label) return false;
      known.delete(label);
      channels.distrust(label.replace(/^#/, "").normalize(), id);
      return true;
    },
  };
}

const foundUser = shape({ user: shape({ id: text }) });
const openedChannel = shape({ channel: shape({ id: text }) });
const channelInfo = shape({
  channel: shape({ name: optional(foreign(text)), is_archived: optional(foreign(flag)) }),
});

/** Whether the channel of this id has this name, and can be posted to. Null where Slack does not tell now. */
async function bears(client: WebClient, id: string, name: string): Promise<boolean | null> {
  try {
    const { channel } = await call(client, "conversations.info", { channel: id }, channelInfo);
    if (channel.is_archived === true) return false;
    return channel.name === undefined ? null : channel.name.normalize() === name;
  } catch (thrown) {
    return slackErrorCode(thrown) === "channel_not_found" ? false : null;
  }
}

function notListed(label: string, names: readonly string[], isCut: boolean): Failure {
  if (isCut) {
    return {
      kind: "refused",
      reason: `${label} is not among the first ${names.length} channels that Slack lists, and lookpost reads no more of so long a list.`,
      advice: `Write the channel's id in place of its name ("C0123ABC"): in Slack, it is at the bottom of the channel's details.`,
    };
  }
  return {
    kind: "refused",
    reason: `The bot sees no channel ${label}.${didYouMean(
      label,
      names.map((name) => `#${name}`),
    )}`,
    advice:
      "Check the name. An archived channel cannot be posted to, and a private one is only visible once the bot has been invited.",
  };
}
