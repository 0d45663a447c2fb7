/** Why the system does not write (errno(3)), each told apart: what helps differs. */
export interface DiskRefusal {
  readonly code: string;
  /** A clause without its end: "the disk of /data is full". */
  readonly what: string;
  /** Sentences. */
  readonly advice: string;
  /** Whether it goes on by itself once there is room: a person need not ask for it. */
  readonly passes: boolean;
}

interface Known {
  readonly passes: boolean;
  what(place: string): string;
  advice(place: string): string;
}

const KNOWN: Readonly<Record<string, Known>> = {
  ENOSPC: {
    passes: true,
    what: (place) => `the disk of ${place} is full`,
    advice: (place) => `Make room on the disk of ${place}.`,
  },
  EDQUOT: {
    passes: true,
    what: (place) => `the quota of the user lookpost runs as is used up on the disk of ${place}`,
    advice: (place) => `Raise that quota, or remove what this user has on the disk of ${place}.`,
  },
  EFBIG: {
    passes: false,
    what: (place) => `a file in ${place} would be larger than this process or its file system allows`,
    advice: (place) =>
      `Raise the limit of file sizes (\`ulimit -f\`; LimitFSIZE= in systemd) and start lookpost again. Where there is none, the disk of ${place} takes no larger files: use another.`,
  },
  EROFS: {
    passes: false,
    what: (place) => `the disk of ${place} is mounted read-only`,
    advice: (place) =>
      `Mount the disk of ${place} for writing, or name a folder on another. Where it became read-only by itself, it is failing: see \`dmesg\`.`,
  },
  EIO: {
    passes: true,
    what: (place) => `the disk of ${place} failed`,
    advice: (place) => `Look at the disk of ${place}: it is failing, or gone (see \`dmesg\`).`,
  },
};

/** `place`: the folder, as a person knows it. Null: it is not one of these, or no code at all. */
export function diskRefusal(code: unknown, place: string): DiskRefusal | null {
  if (typeof code !== "string" || !Object.hasOwn(KNOWN, code)) return null;
  const known = KNOWN[code];
  if (known === undefined) return null;
  return { code, passes: known.passes, what: known.what(place), advice: known.advice(place) };
}

/** The same, of what was thrown or its causes. */
export function diskRefusalOf(thrown: unknown, place: string): DiskRefusal | null {
  if (!(thrown instanceof Error)) return null;
  return diskRefusal("code" in thrown ? thrown.code : null, place) ?? diskRefusalOf(thrown.cause, place);
}

/** The clause as the beginning of a sentence. */
export function asBeginning(clause: string): string {
  return clause.charAt(0).toUpperCase() + clause.slice(1);
}
