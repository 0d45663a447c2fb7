import { diskRefusal } from "../../core/disk.ts";
import type { Again, Refused } from "../../core/model/outcome.ts";

/** What a failure ahead of the rename means: nothing has been seen. `root`: the folder of the options. */
export function fileFailure(thrown: unknown, root: string, signal: AbortSignal | null): Again | Refused {
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  if (signal?.aborted === true || code === "cancelled")
    return { kind: "again", reason: `Stopped before anything was put into ${root}: ${words}` };
  const known = PERMANENT[code];
  if (known !== undefined)
    return { kind: "refused", reason: `${known.what(root)} (${code}).`, advice: known.advice };
  const refusal = diskRefusal(code, root);
  if (refusal !== null) {
    const reason = `Nothing was put into ${root}: ${refusal.what} (${code}).`;
    return { kind: refusal.passes ? "again" : "refused", reason, advice: refusal.advice };
  }
  return { kind: "again", reason: `${root} could not be written: ${words}.` };
}

interface Known {
  what(root: string): string;
  readonly advice: string;
}

const forbidden: Known = {
  what: (root) => `${root} may not be written`,
  advice: "Give the user that lookpost runs as the right to write there, or name another folder.",
};
const noFolder: Known = {
  what: (root) => `${root} is not a folder, or is below something that is not a folder`,
  advice: "Name a folder, or remove what is in its place.",
};
const badName: Known = {
  what: (root) => `${root} is not a path that this system takes`,
  advice: "Name another folder.",
};

const linked: Known = {
  what: (root) => `A symbolic link below ${root} is in the way, and is not followed`,
  advice: "Remove it, and name the folder it leads to where that is what you want.",
};

const PERMANENT: Readonly<Record<string, Known>> = {
  EACCES: forbidden,
  EPERM: forbidden,
  ENOTDIR: noFolder,
  EEXIST: noFolder,
  ENAMETOOLONG: badName,
  ELOOP: linked,
  EINVAL: badName,
};
