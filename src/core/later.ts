/**
 * Code that is loaded when it is first needed, so that a command pays only for what it does. A service loads all of it at its start
 * (`loadAll`): the files may be replaced by an upgrade under a running process, and no file can be opened where descriptors have run
 * out. `npm run check` refuses an `import()` that is not declared with this.
 */

const notLoaded = new Set<() => unknown>();

/** `load`: an `import()`, or a synchronous load. What it gives is kept; a failure is not, and the next call tries again. */
export function later<T>(load: () => T): () => T {
  let kept: { readonly loaded: T } | null = null;
  const get = () => {
    kept ??= { loaded: load() };
    const { loaded } = kept;
    if (loaded instanceof Promise) {
      loaded.catch(() => {
        kept = null;
      });
    }
    notLoaded.delete(get);
    return loaded;
  };
  notLoaded.add(get);
  return get;
}

/** Loads all that was declared so far, and what that declares in turn. Rejects with the first failure. */
export async function loadAll(): Promise<void> {
  while (notLoaded.size > 0) await Promise.all([...notLoaded].map(async (get) => get()));
}
