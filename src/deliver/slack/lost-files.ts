import type { Message } from "../../core/model/message.ts";
import type { Refusal } from "../../core/model/outcome.ts";
import { type Failure, slackErrorCode } from "./outcome.ts";

/** A file that its post was to have, and does not. */
export interface LostFile {
  readonly filename: string;
  /** `unknown`: nobody knows whether it is there. */
  readonly failure: Failure;
  /** Slack's word for it, or null. */
  readonly code: string | null;
}

export function lostFile(filename: string, thrown: unknown, failure: Failure): LostFile {
  const code = slackErrorCode(thrown);
  const isUnnamedScope = code === "missing_scope" && failure.kind === "refused";
  return { filename, failure: isUnnamedScope ? { ...failure, advice: SCOPE_ADVICE } : failure, code };
}

/** All that has to do with files asks for this one scope (https://docs.slack.dev/reference/scopes/files.write). */
const SCOPE_ADVICE = 'Add the scope files:write to the app ("OAuth & Permissions") and install it again.';

/** One that an earlier attempt found out about: a post that is looked up does not say why. */
export function lostBefore(filename: string): LostFile {
  return { filename, failure: { kind: "refused", reason: "Slack did not take it.", advice: "" }, code: null };
}

/** The message without the files that are surely not there, and with a sentence for its readers in their place. */
export function withoutFiles(message: Message, lost: readonly LostFile[]): Message {
  if (lost.length === 0) return message;
  const gone = new Set(lost.filter((file) => !isOpen(file)).map(({ filename }) => filename));
  return {
    ...message,
    artifacts: message.artifacts.filter(({ filename }) => !gone.has(filename)),
    // First, since only some notices are shown.
    notices: [...sentences(lost), ...message.notices],
  };
}

/** For the ledger: that the post is there, and who is not served by it. Another attempt would post it twice. */
export function refusalsOf(lost: readonly LostFile[]): Refusal[] {
  return lost.map(({ filename, failure: { reason } }) => ({ recipient: filename, reason, permanent: true }));
}

/** For whoever runs it: what is missing, and what to do about it. */
export function noteOf(lost: readonly LostFile[]): string[] {
  return [...Map.groupBy(lost, adviceOf)].map(([advice, files]) => `${missing(files)}. ${advice}`);
}

function adviceOf({ failure }: LostFile): string {
  return failure.kind === "refused" ? failure.advice : "Look in Slack, and send it by hand if it is missing.";
}

/** For the readers, who cannot do anything about it: what is missing, and why in plain words. */
export function sentences(lost: readonly LostFile[]): string[] {
  return [...Map.groupBy(lost, plainReason)].map(([reason, files]) => `${missing(files)}: ${reason}.`);
}

function plainReason(file: LostFile): string {
  if (isOpen(file)) return "Slack did not say whether it took it";
  return PLAIN_REASONS[file.code ?? ""] ?? "Slack did not take it";
}

const PLAIN_REASONS: Readonly<Record<string, string>> = {
  missing_scope: "the Slack app that sends this has no right to upload files",
  file_uploads_disabled: "this workspace allows no uploads",
  storage_limit_reached: "this workspace has no room left for files",
};

/** Whether it may be there all the same. */
function isOpen({ failure }: LostFile): boolean {
  return failure.kind === "unknown";
}

const NAMED_MAX = 5;

function missing(files: readonly LostFile[]): string {
  const named = files.slice(0, NAMED_MAX).map(({ filename }) => filename);
  const more = files.length - named.length;
  const names = `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return `${names} ${files.every(isOpen) ? "may be missing here" : "could not be attached"}`;
}
