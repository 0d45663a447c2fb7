import { isObject } from "../limits/findings.ts";
import type { SlackFile } from "../message.ts";
import { SlackRefusal } from "../refusal.ts";
import type { Uploads } from "../uploads.ts";
import type { Call, Method } from "./call.ts";

export const fileMethods: Record<string, Method> = {
  "files.getUploadURLExternal": getUploadUrl,
  "files.completeUploadExternal": completeUpload,
  "files.info": info,
};

function getUploadUrl({ args, uploads, origin, needs }: Call): Record<string, unknown> {
  needs("files:write");
  const name = args.required("filename");
  const length = Number(args.required("length"));
  if (!Number.isInteger(length) || length < 1) throw new SlackRefusal("invalid_arguments");
  const { ticket, fileId } = uploads.expect(name, length);
  return { upload_url: `${origin}/upload/v1/${ticket}`, file_id: fileId };
}

async function completeUpload({
  args,
  workspace,
  outbox,
  uploads,
  needs,
}: Call): Promise<Record<string, unknown>> {
  needs("files:write");
  const wanted = readWanted(args.json("files", "invalid_arguments"));
  // Everything is checked before anything is shared.
  for (const { id } of wanted) uploads.uploaded(id);
  const reference = args.text("channel_id") ?? args.text("channels");
  const channel = reference === undefined ? undefined : workspace.channelToPostIn(reference);
  const threadTs = args.text("thread_ts");
  if (channel !== undefined && threadTs !== undefined) workspace.message(channel, threadTs);
  const files = wanted.map(({ id, title }) => uploads.complete(id, title));
  if (channel !== undefined) {
    const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
    const message = workspace.add(channel, { text: args.text("initial_comment") ?? "", files, ...thread });
    for (const file of files) share(file, channel, { ts: message.ts, ...thread });
    await outbox.write(channel);
  }
  return { files: files.map((file) => asKnown(file, uploads)) };
}

/** What a file is, Slack finds out a moment after it has come: until then it has no type. */
function asKnown(file: SlackFile, { isKnown }: Uploads): SlackFile {
  return isKnown(file.id) ? file : { ...file, mimetype: "" };
}

function share(
  file: SlackFile,
  channel: { id: string; name: string; kind: string },
  post: { ts: string; thread_ts?: string },
): void {
  const kind = channel.kind === "public_channel" ? "public" : "private";
  const shares = file.shares[kind];
  shares[channel.id] = [...(shares[channel.id] ?? []), { ...post, channel_name: channel.name }];
}

function info({ args, uploads, needs }: Call): Record<string, unknown> {
  needs("files:read");
  const id = args.required("file");
  const file = uploads.files().find((each) => each.id === id);
  if (file === undefined) throw new SlackRefusal("file_not_found");
  return { file: asKnown(file, uploads), comments: [], response_metadata: { next_cursor: "" } };
}

function readWanted(files: unknown): { id: string; title?: string }[] {
  if (!Array.isArray(files) || files.length === 0) throw new SlackRefusal("invalid_arguments");
  return files.map((file) => {
    if (!isObject(file) || typeof file.id !== "string") throw new SlackRefusal("invalid_arguments");
    return { id: file.id, ...(typeof file.title === "string" ? { title: file.title } : {}) };
  });
}
