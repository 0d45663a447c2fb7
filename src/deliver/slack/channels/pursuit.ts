import { abortable } from "../../../core/rules/abortable.ts";
import type { KeptList } from "./kept-list.ts";
import { isRecent, isUsable, type ReaderDeps, readOn } from "./read-on.ts";

/** The reading as this process pursues it, while anyone here seeks a name that is not read yet. */
export interface Pursuit {
  /** Someone seeks this name, until the function is called. */
  enter(name: string): () => void;
  /** Resolves when there is more of the list. Rejects with what keeps it from being read. */
  news(signal: AbortSignal): Promise<void>;
  /** It goes on, and will for a while. */
  isLong(): boolean;
  /** Calls `hasten` once the name was read, or nothing more is. */
  tell(name: string, hasten: () => void): void;
}

/** So many pages are waited for by those who seek: a few seconds. */
const PAGES_AWAITED = 10;

export function pursue(deps: Omit<ReaderDeps, "pausing">): Pursuit {
  const seekers = seekersOf(deps.list);
  let isSlow = false;
  let going: Promise<void> | null = null;
  let news = Promise.withResolvers<void>();

  function announce(): void {
    news.resolve();
    news = Promise.withResolvers();
  }

  function pausing(): void {
    isSlow = true;
    announce();
  }

  async function go(): Promise<void> {
    for (let steps = 1; ; steps += 1) {
      const { kept } = await deps.list.refresh();
      seekers.tellListed();
      if (kept !== null && (isRecent(kept) || (isUsable(kept) && !seekers.isAnyLeft()))) return;
      const step = await readOn({ ...deps, pausing });
      isSlow ||= step === "watched" || steps >= PAGES_AWAITED;
      announce();
    }
  }

  /** In one go, so that no one waits for what has ended. */
  function end(settle: () => void): void {
    going = null;
    news.promise.catch(() => undefined);
    settle();
    news = Promise.withResolvers();
    seekers.tellAll();
  }

  return {
    enter: seekers.enter,
    tell: seekers.tell,
    isLong: () => going !== null && isSlow,
    async news(signal) {
      const next = news.promise;
      if (going === null) {
        isSlow = false;
        going = go().then(
          () => end(() => news.resolve()),
          (thrown: unknown) => end(() => news.reject(thrown)),
        );
      }
      await abortable(next, signal);
    },
  };
}

/** Those who wait for a name in their attempt, and those who will be told. */
function seekersOf(list: Pick<KeptList, "channel">) {
  const waiting = new Set<{ readonly name: string }>();
  const told = new Map<string, Set<() => void>>();

  function tellThose(names: readonly string[]): void {
    for (const name of names) {
      const all = told.get(name) ?? [];
      told.delete(name);
      for (const hasten of all) hasten();
    }
  }

  return {
    enter(name: string): () => void {
      const one = { name };
      waiting.add(one);
      return () => waiting.delete(one);
    },
    tell(name: string, hasten: () => void): void {
      told.set(name, (told.get(name) ?? new Set()).add(hasten));
    },
    tellListed: () => tellThose([...told.keys()].filter((name) => list.channel(name) !== null)),
    tellAll: () => tellThose([...told.keys()]),
    isAnyLeft: () => told.size > 0 || [...waiting].some(({ name }) => list.channel(name) === null),
  };
}
