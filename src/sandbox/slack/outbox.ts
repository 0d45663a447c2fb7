import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { SlackChannel } from "./people.ts";
import type { Workspace } from "./workspace.ts";

export type SlackOutbox = {
  /** Where uploaded files lie as they came, each named `<file id>-<name>`. */
  filesFolder: string;
  /** Writes `<channel name or id>.json`: the channel and all its messages, replies among them, oldest first. */
  write(channel: SlackChannel): Promise<void>;
};

export async function openSlackOutbox(folder: string, workspace: Workspace): Promise<SlackOutbox> {
  const filesFolder = path.join(folder, "files");
  await mkdir(filesFolder, { recursive: true });
  let last: Promise<void> = Promise.resolve();
  return {
    filesFolder,
    write(channel) {
      // One after the other: two posts at once must not write the same file at the same time.
      last = last.then(
        () => write(folder, workspace, channel),
        () => write(folder, workspace, channel),
      );
      return last;
    },
  };
}

async function write(folder: string, workspace: Workspace, channel: SlackChannel): Promise<void> {
  const name = channel.kind === "im" ? channel.id : channel.name;
  const file = path.join(folder, `${name}.json`);
  const content = { channel, messages: workspace.messages(channel) };
  await writeFile(`${file}.part`, `${JSON.stringify(content, null, 2)}\n`);
  await rename(`${file}.part`, file);
}
