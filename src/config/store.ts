import type { Complaint } from "../core/complaint.ts";

export interface Store {
  readonly kind: "file";
  readonly directory: string;
}

export const STORE_DEFAULT: Store = { kind: "file", directory: "./data" };

/** `file:FOLDER`, or what is wrong with it. Never repeats what it read: a database URL holds a password. */
export function parseStore(text: string): Store | Complaint {
  const folder = /^file:(?:\/\/(?=\/))?(.+)$/.exec(text.trim())?.[1];
  if (folder !== undefined) return { kind: "file", directory: folder };
  if (/^postgres(ql)?:/i.test(text.trim()))
    return {
      message: "a Postgres store comes with the fleet store, which this version does not have",
      advice: "Write file:FOLDER, such as file:./data, or leave store out.",
    };
  return {
    message: "store has to be file:FOLDER",
    advice: /^[./~\w-]+$/.test(text.trim()) ? `Write file:${text.trim()}.` : "Write file:./data.",
  };
}
