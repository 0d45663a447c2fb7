import { randomUUID } from "node:crypto";
import type { WebClient } from "@slack/web-api";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Notebook } from "../../../core/ports/notebook.ts";
import { type KeptList, keptList, type Listed } from "./kept-list.ts";
import { type Pursuit, pursue } from "./pursuit.ts";
import { beginning, isRecent, isReread, isUsable } from "./read-on.ts";

/** What the whole list says of a name. `isCut`: there was more of it than lookpost reads. */
export type Search =
  | ({ readonly kind: "listed" } & Listed)
  | { readonly kind: "absent"; readonly names: readonly string[]; readonly isCut: boolean }
  /** It is still being read, and `hasten` will be called. */
  | { readonly kind: "under_way"; readonly channels: number };

export interface Seeking {
  readonly signal: AbortSignal;
  /** Called once the name is found, or the reading has ended either way. Null: who seeks waits for as long as it takes. */
  readonly hasten: (() => void) | null;
}

/**
 * The workspace's channels by name. They are read page by page, once for all deliveries and workers: the list and the place where it goes
 * on are in the notebook, so that a worker that dies leaves them to the next. A workspace of 27,000 channels has up to 270 pages,
 * and Slack allows 20 calls a minute: a delivery that seeks a name waits for a few pages, and comes again when there is news.
 */
export interface ChannelList {
  /** What was read before, however long ago, without a call. `isReread`: it was read again lately for this very channel. */
  peek(name: string): Promise<(Listed & { readonly isReread: boolean }) | null>;
  /** Reads on until the name is found. Rejects with the client's errors, those of the notebook, and the signal's reason. */
  search(name: string, seeking: Seeking): Promise<Search>;
  /** The name has another channel by now: the list is read again from its beginning. False: that was done a moment ago. */
  distrust(name: string, id: string): Promise<boolean>;
}

export interface ChannelListDeps {
  readonly notebook: Notebook;
  /** What the notes are called: one list for each workspace and what a token sees of it. */
  readonly book: string;
  readonly clock: Clock;
  readonly clientFor: (signal: AbortSignal) => WebClient;
  /** Aborts when the destination is closed. */
  readonly closed: AbortSignal;
}

export function channelList({ notebook, book, clock, clientFor, closed }: ChannelListDeps): ChannelList {
  const list = keptList(notebook, book, clock);
  const pursuit = pursue({
    list,
    client: () => clientFor(closed),
    clock,
    reader: randomUUID(),
    stop: closed,
  });
  return {
    async peek(name) {
      const { kept } = await list.refresh();
      const listed = kept === null ? null : list.channel(name);
      return kept === null || listed === null ? null : { ...listed, isReread: isReread(kept, listed.id) };
    },
    async search(name, seeking) {
      const leave = pursuit.enter(name);
      try {
        return await search(name, seeking, list, pursuit);
      } finally {
        leave();
      }
    },
    async distrust(name, id) {
      const { kept, version } = await list.refresh();
      if (kept === null || list.channel(name)?.id !== id) return true;
      if (isReread(kept, id)) return false;
      await list.write(beginning(kept, id), version);
      return true;
    },
  };
}

async function search(
  name: string,
  { signal, hasten }: Seeking,
  list: KeptList,
  pursuit: Pursuit,
): Promise<Search> {
  for (;;) {
    signal.throwIfAborted();
    const { kept } = await list.refresh();
    const listed = kept !== null && isUsable(kept) ? list.channel(name) : null;
    if (listed !== null) return { kind: "listed", ...listed };
    if (kept !== null && isRecent(kept))
      return { kind: "absent", names: list.names(), isCut: kept.reading.end === "cut" };
    if (hasten !== null && pursuit.isLong()) {
      pursuit.tell(name, hasten);
      return { kind: "under_way", channels: kept?.reading.channels ?? 0 };
    }
    await pursuit.news(signal);
  }
}
