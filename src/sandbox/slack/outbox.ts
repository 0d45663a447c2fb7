import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { SlackFile, SlackMessage } from "./message.ts";
import type { SlackChannel } from "./people.ts";

export type SlackOutbox = {
  /** Where uploaded files lie as they came, each named `<file id>-<name>`. */
  filesFolder: string;
  /** Writes `<channel name or id>.json`: the channel and all its messages, replies among them, oldest first. */
  write(channel: SlackChannel): Promise<void>;
};

/** `messages`: those of a channel, oldest first. */
export async function openSlackOutbox(
  folder: string,
  messages: (channel: SlackChannel) => readonly SlackMessage[],
): Promise<SlackOutbox> {
  const filesFolder = path.join(folder, "files");
  await mkdir(filesFolder, { recursive: true });
  let last: Promise<void> = Promise.resolve();
  return {
    filesFolder,
    write(channel) {
      // One after the other: two posts at once must not write the same file at the same time.
      const writing = () => write(folder, channel, messages(channel));
      last = last.then(writing, writing);
      return last;
    },
  };
}

async function write(
  folder: string,
  channel: SlackChannel,
  messages: readonly SlackMessage[],
): Promise<void> {
  const name = channel.kind === "im" ? channel.id : channel.name;
  const file = path.join(folder, `${name}.json`);
  await writeFile(`${file}.part`, `${JSON.stringify({ channel, messages }, null, 2)}\n`);
  await rename(`${file}.part`, file);
}

/** What an earlier process with the same outbox was given. */
export type Stored = {
  channels: readonly { channel: SlackChannel; messages: readonly SlackMessage[] }[];
  /** Bytes that lie there, whether they were ever shared or not. */
  uploads: readonly StoredUpload[];
};

export type StoredUpload = { fileId: string; name: string; lengthBytes: number };

/** Reads `<outbox>/slack`; nothing where there is no such folder yet. */
export async function readStored(folder: string): Promise<Stored> {
  const names = await namesIn(folder);
  const channels = names
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map(async (name) => JSON.parse(await readFile(path.join(folder, name), "utf8")));
  return { channels: await Promise.all(channels), uploads: await storedUploads(path.join(folder, "files")) };
}

/** The files that were shared, out of the messages that hold them. */
export function sharedFiles({ channels }: Stored): SlackFile[] {
  const files = channels.flatMap(({ messages }) => messages.flatMap(({ files = [] }) => files));
  return [...new Map(files.map((file) => [file.id, file])).values()];
}

/** Ids of the files that blocks of a message show: they are kept nowhere else. */
export function shownFileIds({ channels }: Stored): ReadonlySet<string> {
  const blocks = channels.flatMap(({ messages }) => messages.flatMap((message) => message.blocks ?? []));
  return new Set(JSON.stringify(blocks).match(/(?<="slack_file":\{"id":")F[A-Z0-9]{8,}/g) ?? []);
}

async function storedUploads(folder: string): Promise<StoredUpload[]> {
  const names = (await namesIn(folder)).filter((name) => /^F\d+-/.test(name) && !name.endsWith(".part"));
  return Promise.all(
    names.sort().map(async (name) => {
      const dash = name.indexOf("-");
      const { size } = await stat(path.join(folder, name));
      return { fileId: name.slice(0, dash), name: name.slice(dash + 1), lengthBytes: size };
    }),
  );
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
