import { createHash } from "node:crypto";
import type { WebClient } from "@slack/web-api";
import type { Clock } from "../../core/ports/clock.ts";
import type { Notebook } from "../../core/ports/notebook.ts";
import { didYouMean } from "../../core/rules/nearest.ts";
import { count } from "../../core/rules/quantity.ts";
import { flag, foreign, optional, shape, text } from "./answer.ts";
import {
  type ChannelList,
  type ChannelListDeps,
  channelList,
  type Seeking,
} from "./channels/channel-list.ts";
import type { Listed } from "./channels/kept-list.ts";
import { call } from "./client.ts";
import { isChannelId, type SlackConnection, type SlackOptions } from "./options.ts";
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

/** What a name is sought under. */
export interface DirectoryTerms extends Seeking {
  readonly notebook: Notebook;
}

/** Names to ids. Only ids are safe to post to: a name can move to another channel, an id cannot. */
export interface Directory {
  find(options: SlackOptions, terms: DirectoryTerms): Promise<Conversation | Failure>;
  /** What was found last, whether or not it is still so; null: nothing, or it is an id. */
  last(options: SlackOptions, terms: DirectoryTerms): Promise<Conversation | null>;
  /**
   * Drops what is known of a place that Slack no longer has, so that it is looked up again. False where that would say nothing new: it is
   * an id, or was looked up for this very reason a moment ago.
   */
  forget(conversation: Conversation, terms: DirectoryTerms): Promise<boolean>;
}

export interface DirectoryDeps {
  readonly connection: SlackConnection;
  readonly clock: Clock;
  readonly clientFor: (signal: AbortSignal) => WebClient;
  readonly closed: AbortSignal;
}

/** What was found is used without asking for so long. */
const KEPT_MS = 5 * 60_000;

/** A delivery whose name is still being looked for comes again after so long, if nothing is heard before. */
const COME_AGAIN_MS = 2 * 60_000;

export function slackDirectory({ connection, ...deps }: DirectoryDeps): Directory {
  const { clock, clientFor } = deps;
  const listIn = listsByNotebook({ ...deps, book: bookOf(connection) });
  /** What has been asked for and found, by label; a channel's is confirmed before it is used. */
  const known = new Map<string, Listed>();
  const now = () => clock.now().getTime();
  const isYoung = ({ at }: Listed) => now() - at <= KEPT_MS;

  /** What is known of a channel's name, if it is still so: one call, where a look-up takes many. */
  async function stillThere(name: string, label: string, terms: DirectoryTerms): Promise<Listed | null> {
    const channels = listIn(terms.notebook);
    const listed = await channels.peek(name);
    const kept = listed?.isReread ? listed : (known.get(label) ?? listed);
    if (kept === null) return null;
    // The list was read again since Slack last contradicted it, and says so still.
    if (kept === listed && listed.isReread) return listed;
    const isSame = await bears(clientFor(terms.signal), kept.id, name);
    if (isSame === true) return { id: kept.id, at: now() };
    if (isSame === null && isYoung(kept)) return kept;
    known.delete(label);
    if (isSame === false) await channels.distrust(name, kept.id);
    return null;
  }

  async function channel(label: string, terms: DirectoryTerms): Promise<Conversation | Failure> {
    const name = nameIn(label);
    const there = await stillThere(name, label, terms);
    const found =
      there === null
        ? await listIn(terms.notebook).search(name, terms)
        : { ...there, kind: "listed" as const };
    if (found.kind === "absent") return notListed(label, found.names, found.isCut);
    if (found.kind === "under_way") return notYetListed(label, found.channels);
    known.set(label, { id: found.id, at: found.at });
    return { kind: "conversation", id: found.id, label };
  }

  async function person(email: string, signal: AbortSignal): Promise<Conversation> {
    const kept = known.get(email);
    if (kept !== undefined && isYoung(kept)) return { kind: "conversation", id: kept.id, label: email };
    const id = await directMessage(clientFor(signal), email);
    known.set(email, { id, at: now() });
    return { kind: "conversation", id, label: email };
  }

  return {
    async find(options, terms) {
      const label = options.channel ?? options.user ?? "";
      if (options.channel !== null && isChannelId(options.channel))
        return { kind: "conversation", id: options.channel, label };
      try {
        return await (options.channel === null ? person(label, terms.signal) : channel(label, terms));
      } catch (thrown) {
        return failureOf(thrown, false, label);
      }
    },
    async last({ channel: label, user }, { notebook }) {
      const name = label ?? user ?? "";
      const isName = label !== null && !isChannelId(label);
      const kept = known.get(name) ?? (isName ? await listIn(notebook).peek(nameIn(label)) : null);
      return kept === null ? null : { kind: "conversation", id: kept.id, label: name };
    },
    async forget({ id, label }, { notebook }) {
      if (id === label) return false;
      known.delete(label);
      return label.startsWith("#") ? listIn(notebook).distrust(nameIn(label), id) : true;
    },
  };
}

/** The id of the bot's conversation with the person of this address. */
async function directMessage(client: WebClient, email: string): Promise<string> {
  const { user } = await call(client, "users.lookupByEmail", { email }, foundUser);
  return (await call(client, "conversations.open", { users: user.id }, openedChannel)).channel.id;
}

function listsByNotebook(deps: Omit<ChannelListDeps, "notebook">): (notebook: Notebook) => ChannelList {
  const lists = new WeakMap<Notebook, ChannelList>();
  return (notebook) => {
    const list = lists.get(notebook) ?? channelList({ ...deps, notebook });
    lists.set(notebook, list);
    return list;
  };
}

function nameIn(label: string): string {
  return label.replace(/^#/, "").normalize();
}

/** Another token may see other channels. */
function bookOf({ apiUrl, token }: SlackConnection): string {
  return createHash("sha256").update(`${apiUrl} ${token}`).digest("hex").slice(0, 16);
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
      reason: `${label} is not among the first ${count(names.length)} channels that Slack lists, and lookpost reads no more of so long a list.`,
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

function notYetListed(label: string, channels: number): Failure {
  return {
    kind: "again",
    reason: `Slack's list of channels is long and still being read: ${label} is not among the first ${count(channels)}.`,
    advice: `The channel's id in place of its name ("C0123ABC") spares the search: in Slack, it is at the bottom of the channel's details.`,
    afterMs: COME_AGAIN_MS,
    isPreparing: true,
  };
}
