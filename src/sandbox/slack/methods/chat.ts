import { checkBlocks, tableCount } from "../limits/blocks.ts";
import type { Findings, Json } from "../limits/findings.ts";
import { isObject } from "../limits/findings.ts";
import { SlackRefusal } from "../refusal.ts";
import type { Uploads } from "../uploads.ts";
import type { MessageContent } from "../workspace.ts";
import type { Call, Method } from "./call.ts";

const textCharsMax = 40_000;
const metadataBytesMax = 16_000;

export const chatMethods: Record<string, Method> = {
  "chat.postMessage": postMessage,
  "chat.update": update,
  "chat.delete": remove,
};

async function postMessage(call: Call): Promise<Record<string, unknown>> {
  const { args, workspace, outbox, needs } = call;
  needs("chat:write");
  const channel = workspace.channelToPostIn(args.required("channel"));
  const metadata = readMetadata(call);
  const content: MessageContent = { ...readContent(call), ...(metadata === undefined ? {} : { metadata }) };
  const threadTs = args.text("thread_ts");
  if (threadTs !== undefined) {
    if (!workspace.messages(channel).some((each) => each.ts === threadTs))
      throw new SlackRefusal("thread_not_found");
    content.thread_ts = threadTs;
    if (args.flag("reply_broadcast")) content.subtype = "thread_broadcast";
  }
  const message = workspace.add(channel, content);
  await outbox.write(channel);
  return { channel: channel.id, ts: message.ts, message };
}

/** Edits a post, which here is always the bot's own (https://docs.slack.dev/reference/methods/chat.update). */
async function update(call: Call): Promise<Record<string, unknown>> {
  const { args, workspace, outbox, needs, editWindowMs } = call;
  needs("chat:write");
  const channel = workspace.channel(args.required("channel"));
  if (channel.isArchived) throw new SlackRefusal("is_inactive");
  const message = workspace.message(channel, args.required("ts"));
  if (Date.now() - Number(message.ts) * 1000 > editWindowMs) throw new SlackRefusal("edit_window_closed");
  // All is read before anything is changed.
  const isUnmarked = isEmptyObject(args.json("metadata", "invalid_metadata_format"));
  const metadata = isUnmarked ? undefined : readMetadata(call);
  const { text, blocks = [], attachments } = readContent(call);
  message.text = text;
  // Without blocks the text takes their place; attachments and metadata that are not given stay.
  if (blocks.length > 0) message.blocks = blocks;
  else delete message.blocks;
  if (attachments !== undefined) message.attachments = attachments;
  if (isUnmarked) delete message.metadata;
  else if (metadata !== undefined) message.metadata = metadata;
  message.edited = { user: message.user, ts: `${Math.floor(Date.now() / 1000)}.000000` };
  await outbox.write(channel);
  return { channel: channel.id, ts: message.ts, text, message };
}

function isEmptyObject(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

async function remove({ args, workspace, outbox, needs }: Call): Promise<Record<string, unknown>> {
  needs("chat:write");
  const channel = workspace.channelToPostIn(args.required("channel"));
  const ts = args.required("ts");
  workspace.remove(channel, ts);
  await outbox.write(channel);
  return { channel: channel.id, ts };
}

/** blocks.validate, of `blocks` or of a `message`'s blocks (https://docs.slack.dev/reference/methods/blocks.validate). */
export function blocksValidate({ args, uploads }: Call): Record<string, unknown> {
  const message = args.json("message", "invalid_arguments");
  const blocks = args.json("blocks", "invalid_arguments");
  if ((message === undefined) === (blocks === undefined)) throw new SlackRefusal("invalid_arguments");
  const findings = isObject(message)
    ? checkBlocks(message.blocks, "/blocks", uploads.isPicture)
    : checkBlocks(blocks, "", uploads.isPicture);
  if (findings.list.length === 0) return {};
  const errors = findings.list.map((finding) => ({ ...finding, code: "failed_constraint" }));
  throw new SlackRefusal(message === undefined ? "invalid_blocks" : "invalid_message", { errors });
}

function readContent({ args, uploads }: Call): { text: string; blocks?: Json[]; attachments?: Json[] } {
  const text = args.text("text") ?? args.text("markdown_text") ?? "";
  const blocks = args.json("blocks", "invalid_blocks_format");
  const attachments = args.json("attachments", "invalid_attachments");
  if (text === "" && isEmpty(blocks) && isEmpty(attachments)) throw new SlackRefusal("no_text");
  if (text.length > textCharsMax) throw new SlackRefusal("msg_too_long");
  return { text, ...readBlocks(blocks, uploads), ...readAttachments(attachments) };
}

function readBlocks(blocks: unknown, { isPicture }: Uploads): { blocks?: Json[] } {
  if (blocks === undefined) return {};
  if (!Array.isArray(blocks)) throw new SlackRefusal("invalid_blocks_format");
  refuseFindings(checkBlocks(blocks, "/blocks", isPicture));
  if (tableCount(blocks) > 1) {
    throw new SlackRefusal("invalid_attachments", {
      errors: ["only_one_table_allowed"],
      response_metadata: { messages: ["[ERROR] only_one_table_allowed"] },
    });
  }
  return { blocks };
}

function readAttachments(attachments: unknown): { attachments?: Json[] } {
  if (attachments === undefined) return {};
  if (!Array.isArray(attachments) || !attachments.every(isObject))
    throw new SlackRefusal("invalid_attachments");
  for (const [index, attachment] of attachments.entries()) {
    if (attachment.blocks !== undefined)
      refuseFindings(checkBlocks(attachment.blocks, `/attachments/${index}/blocks`));
  }
  return { attachments };
}

function refuseFindings(findings: Findings): void {
  if (findings.list.length === 0) return;
  const errors = findings.list.map(({ pointer, message }) => `${message} [json-pointer:${pointer}]`);
  throw new SlackRefusal("invalid_blocks", {
    errors,
    response_metadata: { messages: errors.map((error) => `[ERROR] ${error}`) },
  });
}

/** Message metadata (https://docs.slack.dev/messaging/message-metadata). */
function readMetadata({ args }: Call): MessageContent["metadata"] {
  const metadata = args.json("metadata", "invalid_metadata_format");
  if (metadata === undefined) return undefined;
  if (!isObject(metadata)) throw new SlackRefusal("invalid_metadata_format");
  const { event_type, event_payload } = metadata;
  if (typeof event_type !== "string" || event_type === "" || !isObject(event_payload)) {
    throw new SlackRefusal("invalid_metadata_schema");
  }
  if (Buffer.byteLength(JSON.stringify(metadata)) > metadataBytesMax)
    throw new SlackRefusal("metadata_too_large");
  return { event_type, event_payload };
}

function isEmpty(list: unknown): boolean {
  return !Array.isArray(list) || list.length === 0;
}
