const COLLECT_EVERY_BYTES = 8_000_000;

let collect: (() => void) | null = null;

/**
 * Keeps memory flat while a large result streams by; call it with the bytes of each chunk. Every read from a socket is a buffer
 * of its own outside of V8's heap, and V8 lets some 70 MB of used ones pile up before it looks at them. Collecting the
 * young generation (about a millisecond) now and then keeps that at about 10 MB.
 */
export function youngGarbage(): (bytes: number) => void {
  let uncollected = 0;
  return (bytes) => {
    uncollected += bytes;
    if (uncollected < COLLECT_EVERY_BYTES) return;
    uncollected = 0;
    collect ??= collector();
    collect();
  };
}

/** V8's own gc(), which exists only in contexts made after the flag is set. */
function collector(): () => void {
  // Not imported above: a service that streams no large result need not hold them.
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  const { runInNewContext } = process.getBuiltinModule("node:vm");
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("typeof gc === 'function' ? gc : null");
  setFlagsFromString("--no-expose-gc");
  return typeof gc === "function" ? () => void gc({ type: "minor" }) : () => undefined;
}
