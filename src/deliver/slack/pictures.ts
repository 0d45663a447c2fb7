import type { WebClient } from "@slack/web-api";
import type { SlackPost } from "../../core/model/digest.ts";
import type { Message } from "../../core/model/message.ts";
import type { Picture } from "../../core/model/picture.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { optional, shape, text } from "./answer.ts";
import { call } from "./client.ts";
import { failureOf } from "./outcome.ts";
import { uploadBytes } from "./upload.ts";

/** What became of the pictures that a post shows. */
export interface Pictures {
  /** Slack's ids, by the pictures' names. */
  readonly ids: ReadonlyMap<string, string>;
  /** One sentence for each that Slack does not have: its words are shown instead. */
  readonly lost: readonly string[];
}

export interface PictureOrder {
  /** Of the message: with it a later attempt finds what an earlier one has brought. */
  readonly key: string;
  /** One whose calls are no commitment: a picture is not seen until it is posted. */
  readonly client: WebClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Ids in place of those of pictures that are not at Slack yet: what a post would show can be found out before anything is uploaded. */
export function standIns({ pictures }: Message): ReadonlyMap<string, string> {
  return new Map(pictures.map(({ name }, index) => [name, `FPICTURE${String(index).padStart(4, "0")}`]));
}

/** Those of the message's pictures that a post made with stand-ins shows. */
export function picturesOf({ blocks }: SlackPost, message: Message): readonly Picture[] {
  const shown = new Set(blocks.map(({ slack_file }) => idOf(slack_file)));
  const ids = standIns(message);
  return message.pictures.filter(({ name }) => shown.has(ids.get(name)));
}

/** Brings pictures to Slack where nobody sees them. Keeps the ids of the latest, for another attempt at the same delivery. */
export function openPictureCache(): {
  bring(pictures: readonly Picture[], order: PictureOrder): Promise<Pictures>;
} {
  const kept = new Map<string, string>();
  return {
    async bring(pictures, order) {
      const ids = new Map<string, string>();
      const lost: string[] = [];
      for (const picture of pictures) {
        const own = JSON.stringify([order.key, picture.name, picture.file.bytes]);
        try {
          const id = kept.get(own) ?? (await bringTwice(picture, order));
          kept.set(own, id);
          ids.set(picture.name, id);
        } catch (thrown) {
          lost.push(sentence(picture, thrown));
        }
      }
      for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - KEPT_MAX))) kept.delete(oldest);
      return { ids, lost };
    },
  };
}

const KEPT_MAX = 500;
const AGAIN_MS = 2_000;
const AGAIN_MS_MAX = 30_000;

/** A picture does not hold a delivery back, so that what may pass is waited for here, once. */
async function bringTwice(picture: Picture, order: PictureOrder): Promise<string> {
  try {
    return await bringOne(picture, order);
  } catch (thrown) {
    const failure = failureOf(thrown, false, picture.name);
    if (failure.kind !== "again" || order.signal.aborted) throw thrown;
    await order.clock.sleep(Math.min(failure.afterMs ?? AGAIN_MS, AGAIN_MS_MAX), order.signal);
    return await bringOne(picture, order);
  }
}

async function bringOne(picture: Picture, { client, clock, signal }: PictureOrder): Promise<string> {
  const { name, file } = picture;
  const artifact = { filename: name, contentType: "image/png", file, rows: null, sections: [] };
  const { id } = await uploadBytes(client, artifact, signal);
  await call(client, "files.completeUploadExternal", { files: [{ id, title: name }] }, shape({}));
  await usable(id, client, clock, signal);
  return id;
}

/** How long Slack looks at a file before it may be shown: a few seconds at most. */
const LOOKS_AFTER_MS = [200, 400, 800, 1_600, 3_200, 5_000];

/**
 * Resolves once Slack knows what kind of file it is, which is when a block may show it; a post before that is refused. Without the scope
 * files:read that is not known: then the post tells.
 */
async function usable(id: string, client: WebClient, clock: Clock, signal: AbortSignal): Promise<void> {
  for (const afterMs of LOOKS_AFTER_MS) {
    try {
      const { file } = await call(client, "files.info", { file: id }, fileInfo);
      if (file.mimetype) return;
    } catch (thrown) {
      if (failureOf(thrown, false, id).kind === "refused") return;
    }
    await clock.sleep(afterMs, signal);
  }
}

const fileInfo = shape({ file: shape({ mimetype: optional(text) }) });

function sentence({ name }: Picture, thrown: unknown): string {
  const { reason } = failureOf(thrown, false, name);
  return `The picture ${name} could not be brought to Slack, so its words are shown instead: ${reason}`;
}

function idOf(slackFile: unknown): string | undefined {
  return typeof slackFile === "object" &&
    slackFile !== null &&
    "id" in slackFile &&
    typeof slackFile.id === "string"
    ? slackFile.id
    : undefined;
}
