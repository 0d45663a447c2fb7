import type { FileHandle } from "node:fs/promises";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { WebClient } from "@slack/web-api";
import { ReportError } from "../../core/error.ts";
import type { Artifact } from "../../core/model/artifact.ts";
import { excerptOf } from "../../core/rules/redact.ts";
import { isLoopback } from "../../core/rules/secure-transport.ts";
import { openArtifact } from "../artifact-file.ts";
import { shape, text } from "./answer.ts";
import { call } from "./client.ts";
import type { Conversation } from "./directory.ts";

/** Bytes that are at Slack. No one sees them until they are shared. */
export interface UploadedFile {
  readonly id: string;
  /** What it is called in the thread; Slack keeps the file name where it is left out. */
  readonly title?: string;
}

/**
 * Brings a file's bytes to Slack. By hand, because the client's own upload holds the whole file in memory (1.5 GB for
 * 300 MB) and shows the bot token to the upload address. Rejects with the client's errors or ReportError.
 */
export async function uploadBytes(
  client: WebClient,
  artifact: Artifact,
  signal: AbortSignal,
): Promise<UploadedFile> {
  const { filename, file } = artifact;
  const args = { filename, length: file.bytes };
  const { upload_url, file_id } = await call(client, "files.getUploadURLExternal", args, uploadTicket);
  await postBytes(uploadUrl(upload_url, client.slackApiUrl), artifact, signal);
  return { id: file_id, title: filename };
}

/** Makes uploaded files visible in the thread below a post; in the channel itself where there is none. */
export async function shareFiles(
  client: WebClient,
  files: readonly UploadedFile[],
  conversation: Conversation,
  threadTs: string | null,
): Promise<void> {
  const args = { files, channel_id: conversation.id, ...(threadTs !== null && { thread_ts: threadTs }) };
  await call(client, "files.completeUploadExternal", args, shape({}));
}

const uploadTicket = shape({ upload_url: text, file_id: text });

/** Longest time without a byte getting through. */
const IDLE_TIMEOUT_MS = 60_000;
/** For one file as a whole, and as much more as its bytes take at 100 kB/s: a byte a minute is not an upload. */
const UPLOAD_MS = 10 * 60_000;
const SLOWEST_BYTES_PER_MS = 100;

async function postBytes(url: URL, artifact: Artifact, signal: AbortSignal): Promise<void> {
  const { filename, file } = artifact;
  const source = await openArtifact(artifact);
  const limit = AbortSignal.timeout(Math.ceil(UPLOAD_MS + file.bytes / SLOWEST_BYTES_PER_MS));
  try {
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request = send(url, {
      method: "POST",
      headers: { "content-type": "application/octet-stream", "content-length": file.bytes },
      timeout: IDLE_TIMEOUT_MS,
      signal: AbortSignal.any([signal, limit]),
    });
    request.on("timeout", () =>
      request.destroy(new Error(`nothing got through for ${IDLE_TIMEOUT_MS / 1000} s`)),
    );
    // A refusal may come before the body is through: then the answer counts, not the broken pipe.
    const [response] = await Promise.all([answerTo(request), writeBody(source, request).catch(() => {})]);
    await readAnswer(filename, response);
  } catch (cause) {
    if (cause instanceof ReportError) throw cause;
    const why = cause instanceof Error && cause.message !== "" ? cause.message : String(cause);
    throw new ReportError(`The connection was lost while ${filename} was being uploaded: ${why}.`, {
      code: "unavailable",
      cause,
    });
  } finally {
    await source.close();
  }
}

/**
 * Writes the file through one buffer, which is used again once its bytes have left. A stream makes a new one for each
 * read, and those pile up to 60 MB before they are collected.
 */
async function writeBody(source: FileHandle, request: ClientRequest): Promise<void> {
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, BUFFER_BYTES, null).catch((cause: Error) => {
      request.destroy(cause);
      throw cause;
    });
    if (bytesRead === 0) break;
    await new Promise<void>((resolve, reject) => {
      request.write(buffer.subarray(0, bytesRead), (error) => (error ? reject(error) : resolve()));
    });
  }
  request.end();
}

const BUFFER_BYTES = 256 * 1024;

async function readAnswer(filename: string, response: IncomingMessage): Promise<void> {
  const said = await beginning(response);
  const status = response.statusCode ?? 0;
  if (status === 200) return;
  const waitS = Number(response.headers["retry-after"] ?? 0);
  throw new ReportError(`Slack refused the bytes of ${filename}: HTTP ${status} ${said}`.trim(), {
    code: status === 429 ? "rate_limited" : status >= 500 ? "unavailable" : "protocol",
    status,
    ...(waitS > 0 && { retryAfterMs: waitS * 1000 }),
    advice: "Look at the file: its name, its size, and whether the workspace allows uploads.",
  });
}

const ANSWER_CHARS_MAX = 200;

/** The first characters of an answer. The status has said what matters, so an answer that breaks off is taken as it is. */
async function beginning(response: IncomingMessage): Promise<string> {
  let said = "";
  try {
    for await (const chunk of response.setEncoding("utf8")) {
      said += chunk;
      if (said.length > ANSWER_CHARS_MAX) break;
    }
  } catch {
    // What broke off may have done so within a secret.
    return excerptOf(`${said} `, Math.min(ANSWER_CHARS_MAX, said.length));
  }
  return excerptOf(said, ANSWER_CHARS_MAX);
}

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.once("response", resolve);
  request.on("error", reject);
  return promise;
}

const SLACK_HOSTS = /(?:^|\.)slack(?:-gov)?\.com$/;

/**
 * Slack's word for where the bytes go is taken where that is Slack: over TLS at one of its hosts, or where the Web API is. Whatever
 * answers in its place is not to send a report elsewhere.
 */
export function uploadUrl(given: string, apiUrl: string): URL {
  const url = URL.parse(given);
  const api = new URL(apiUrl);
  const isLocal = url !== null && isLoopback(url.hostname) && isLoopback(api.hostname);
  if (url?.protocol === "https:" && (url.hostname === api.hostname || SLACK_HOSTS.test(url.hostname)))
    return url;
  if (isLocal && (url.protocol === "https:" || url.protocol === "http:")) return url;
  throw new ReportError(
    `Slack named an upload address that is not Slack's: ${url === null ? "it is not a URL" : url.origin}.`,
    { code: "protocol", advice: "Check slack.api_url, and any proxy between." },
  );
}
