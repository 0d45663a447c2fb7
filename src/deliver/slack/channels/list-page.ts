import type { WebClient } from "@slack/web-api";
import { flag, foreign, list, optional, shape, text } from "../answer.ts";
import { call } from "../client.ts";
import { isKeepable, type NamedChannel, type Reading } from "./kept-list.ts";

export const PUBLIC = "public_channel";
/** Private channels are left out for a token that may not see them: it is right to have where no report goes to one. */
export const ALL = "public_channel,private_channel";

/** Slack advises at most 200, and takes fewer than 1,000; a large page spares calls. It may be given fewer all the same. */
const PAGE_ROWS = 999;

export interface ListPage {
  readonly channels: readonly NamedChannel[];
  /** Where the next page begins; "": this was the last. */
  readonly next: string;
}

/** One page of the workspace's channels that can be posted to. Rejects with the client's errors. */
export async function listPage(
  client: WebClient,
  { types, cursor }: Pick<Reading, "types" | "cursor">,
): Promise<ListPage> {
  const args = { types, exclude_archived: true, limit: PAGE_ROWS, ...(cursor !== "" && { cursor }) };
  const answer = await call(client, "conversations.list", args, channelPage);
  const channels = answer.channels.flatMap((channel) => {
    if (channel === undefined || channel.is_archived === true) return [];
    const { id, name } = channel;
    const named = { id, name: name.normalize() };
    return isKeepable(named) ? [named] : [];
  });
  return { channels, next: answer.response_metadata?.next_cursor ?? "" };
}

const channelPage = shape({
  // One that is not as documented is no reason to find none of the others.
  channels: list(foreign(shape({ id: text, name: text, is_archived: optional(foreign(flag)) }))),
  response_metadata: foreign(shape({ next_cursor: foreign(text) })),
});
