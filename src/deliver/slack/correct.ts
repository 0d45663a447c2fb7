import { shape } from "./answer.ts";
import { call } from "./client.ts";
import { type LostFile, sentences, type Thread, withoutFiles } from "./files.ts";
import { type Failure, failureOf, slackErrorCode } from "./outcome.ts";
import { type PostOrder, postArguments, STEPS } from "./post.ts";

/** A post that claims files which did not come after all. */
export interface Correction {
  readonly ts: string;
  /** As it was posted, but `files` is without those that are lost. Its message has all files that the post claims. */
  readonly order: PostOrder;
  readonly lost: readonly LostFile[];
  readonly thread: Thread;
}

/**
 * Has the post say that files are missing, in place of that they are there: it is edited, and where Slack does not allow that, its
 * thread tells. The same correction may be made twice. Never rejects.
 */
export async function correctPost({ ts, order, lost, thread }: Correction): Promise<void> {
  const message = withoutFiles(order.message, lost);
  const none = new Map<string, string>();
  for (const step of STEPS) {
    const post = await order.render(message, step === 0 ? order.pictures : none, step);
    const { unfurl_links, unfurl_media, ...args } = postArguments(
      post,
      message,
      order.files,
      order.conversation.id,
    );
    // Without `parse` an edit is read in another way than a post; blocks that are left out may stay.
    const edit = { ...args, blocks: post.blocks, ts, parse: "none" };
    const refusal = await tryTwice(() => call(order.client, "chat.update", edit, shape({})), order);
    if (refusal === null) return;
    if (refusal.failure.kind !== "refused" || !/block|attachments/.test(refusal.code ?? "")) break;
  }
  await tellThread(sentences(lost), thread);
}

/** An edit is the same however often it is made, so that one whose end is open may be made again. */
async function tryTwice(
  edit: () => Promise<unknown>,
  { clock, signal, conversation }: PostOrder,
): Promise<{ readonly failure: Failure; readonly code: string | null } | null> {
  for (let tries = 1; ; tries += 1) {
    try {
      await edit();
      return null;
    } catch (thrown) {
      const failure = failureOf(thrown, false, conversation.label);
      if (failure.kind !== "again" || tries === TRIES_MAX || signal.aborted)
        return { failure, code: slackErrorCode(thrown) };
      await clock.sleep(Math.min(failure.afterMs ?? AGAIN_MS, AGAIN_MS_MAX), signal).catch(() => {});
    }
  }
}

const TRIES_MAX = 2;
const AGAIN_MS = 2_000;
const AGAIN_MS_MAX = 60_000;

/** The readers' copy of what the ledger keeps: a thread that cannot be written to is no reason to fail. */
async function tellThread(told: readonly string[], { client, conversation, ts }: Thread): Promise<void> {
  const args = {
    channel: conversation.id,
    thread_ts: ts,
    text: escaped(told.join("\n")),
    unfurl_links: false,
  };
  await call(client, "chat.postMessage", args, shape({})).catch(() => {});
}

/** As Slack wants text that must not be read as its markup (https://docs.slack.dev/messaging/formatting-message-text). */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
