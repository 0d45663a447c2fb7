import { asBeginning, diskRefusal } from "./disk.ts";

/** What the machine, or this process, has run out of for the moment. It passes, and nothing that was asked for is wrong. */
export interface Shortage {
  /** The system's word for it (errno(3)). */
  readonly code: string;
  /** A sentence without its end. */
  readonly what: string;
  readonly advice: string;
}

const BY_ITSELF = "What still waits is tried again by itself.";

const KNOWN: Readonly<Record<string, Omit<Shortage, "code">>> = {
  EMFILE: {
    what: "Too many files and connections are open in this process",
    advice: `Raise its limit (\`ulimit -n\`; LimitNOFILE= in systemd). ${BY_ITSELF}`,
  },
  ENFILE: {
    what: "Too many files are open on this machine",
    advice: `Look for what has so many open, or raise fs.file-max. ${BY_ITSELF}`,
  },
  ENOMEM: {
    what: "No memory is free",
    advice: `Free some memory, or raise this process's limit of it. ${BY_ITSELF}`,
  },
  ENOBUFS: { what: "The network has no memory left", advice: `Free some memory. ${BY_ITSELF}` },
  EAGAIN: {
    what: "No more processes may be started",
    advice: `Raise their limit (\`ulimit -u\`; TasksMax= in systemd). ${BY_ITSELF}`,
  },
};

function withoutRoom(code: string): Omit<Shortage, "code"> | null {
  const refusal = diskRefusal(code, "the data folder");
  if (refusal === null || !refusal.passes) return null;
  return { what: asBeginning(refusal.what), advice: `${refusal.advice} ${BY_ITSELF}` };
}

/** Found among the causes of what was thrown; null where nothing has run out. */
export function shortageOf(thrown: unknown): Shortage | null {
  if (!(thrown instanceof Error)) return null;
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
  const known = KNOWN[code] ?? withoutRoom(code);
  if (known !== null) return { code, ...known };
  // Node tries all addresses of a name, and tells of each.
  if (thrown instanceof AggregateError) return shortageOf(thrown.errors[0]);
  return shortageOf(thrown.cause);
}
