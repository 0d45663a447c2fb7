import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import path from "node:path";
import { PassThrough, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { SlackFile } from "./message.ts";
import { firstPart } from "./multipart.ts";
import { type Stored, type StoredUpload, sharedFiles, shownFileIds } from "./outbox.ts";
import { bot } from "./people.ts";
import { SlackRefusal, UploadRefusal } from "./refusal.ts";

export type Uploads = {
  /** Makes an upload URL's secret part, good for one file of exactly this length. */
  expect(name: string, lengthBytes: number): { ticket: string; fileId: string };
  /** Streams the body of an upload to disk. Throws UploadRefusal where it is not what was announced. */
  receive(ticket: string, request: IncomingMessage): Promise<number>;
  /** Refuses unless the bytes of this file have come and it is not complete yet. */
  uploaded(fileId: string): void;
  complete(fileId: string, title?: string): SlackFile;
  /** Those that have been completed. */
  files(): readonly SlackFile[];
  /** Whether what kind of file it is has been found out. */
  isKnown(fileId: string): boolean;
  /** Whether a block may show it: completed, known, and a picture. */
  isPicture(fileId: string): boolean;
};

type Expected = {
  ticket: string;
  fileId: string;
  name: string;
  lengthBytes: number;
  state: "open" | "uploaded" | "completed";
};

/** What blocks may show (https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object). */
const pictureTypes = ["image/png", "image/jpeg", "image/gif"];

/** `stored`: what an earlier process left in the same folder. `processingMs`: how long a completed file has no type yet. */
export function uploadsInto(
  folder: string,
  origin: () => string,
  stored: Stored,
  processingMs: number,
): Uploads {
  const shown = shownFileIds(stored);
  const files = sharedFiles(stored);
  const expected = stored.uploads.map((upload) => restored(upload, files, shown));
  for (const upload of expected) {
    if (shown.has(upload.fileId) && !files.some(({ id }) => id === upload.fileId))
      files.push(newFile(upload, upload.name, origin));
  }
  const knownAt = new Map<string, number>();
  const isKnown = (fileId: string) => (knownAt.get(fileId) ?? 0) <= performance.now();
  const uploaded = (fileId: string): Expected => {
    const found = expected.find((each) => each.fileId === fileId && each.state === "uploaded");
    if (found === undefined) throw new SlackRefusal("file_not_found");
    return found;
  };
  return {
    expect(name, lengthBytes) {
      const fileId = `F${String(highestNumber(expected) + 1).padStart(10, "0")}`;
      const ticket = randomBytes(24).toString("base64url");
      expected.push({ ticket, fileId, name, lengthBytes, state: "open" });
      return { ticket, fileId };
    },
    async receive(ticket, request) {
      const upload = expected.find((each) => each.ticket === ticket);
      if (upload === undefined) throw new UploadRefusal(404, "no such upload");
      if (upload.state !== "open") throw new UploadRefusal(400, "this upload has already been made");
      await receive(path.join(folder, storedName(upload)), upload.lengthBytes, request);
      upload.state = "uploaded";
      return upload.lengthBytes;
    },
    uploaded(fileId) {
      uploaded(fileId);
    },
    complete(fileId, title) {
      const upload = uploaded(fileId);
      upload.state = "completed";
      const file = newFile(upload, title ?? upload.name, origin);
      files.push(file);
      knownAt.set(fileId, performance.now() + processingMs);
      return file;
    },
    files: () => files,
    isKnown,
    isPicture(fileId) {
      const file = files.find(({ id }) => id === fileId);
      return file !== undefined && isKnown(fileId) && pictureTypes.includes(file.mimetype);
    },
  };
}

function restored(upload: StoredUpload, files: readonly SlackFile[], shown: ReadonlySet<string>): Expected {
  const isShared = shown.has(upload.fileId) || files.some(({ id }) => id === upload.fileId);
  return { ...upload, ticket: "", state: isShared ? "completed" : "uploaded" };
}

function highestNumber(expected: readonly Expected[]): number {
  return expected.reduce((highest, { fileId }) => Math.max(highest, Number(fileId.slice(1))), 0);
}

async function receive(target: string, lengthBytes: number, request: IncomingMessage): Promise<void> {
  const part = `${target}.part`;
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/.exec(
    request.headers["content-type"] ?? "",
  )?.[1];
  const content = boundary === undefined ? new PassThrough() : firstPart(boundary);
  try {
    await pipeline(request, content, exactly(lengthBytes), createWriteStream(part));
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await rename(part, target);
}

function exactly(lengthBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > lengthBytes) done(new UploadRefusal(400, `more than the announced ${lengthBytes} bytes`));
      else done(null, chunk);
    },
    flush(done) {
      if (bytes < lengthBytes)
        done(new UploadRefusal(400, `${bytes} bytes in place of the announced ${lengthBytes}`));
      else done();
    },
  });
}

/** What a client calls its file must not lead out of the folder. */
function storedName({ fileId, name }: { fileId: string; name: string }): string {
  return `${fileId}-${path
    .basename(name)
    .replace(/[^\w.() +-]/g, "_")
    .slice(-120)}`;
}

function newFile(upload: Expected, title: string, origin: () => string): SlackFile {
  const path = `/files/${upload.fileId}/${encodeURIComponent(upload.name)}`;
  return {
    id: upload.fileId,
    created: Math.floor(Date.now() / 1000),
    name: upload.name,
    title,
    mimetype: contentTypeOf(upload.name),
    user: bot.userId,
    size: upload.lengthBytes,
    mode: "hosted",
    is_external: false,
    // The address is known once the server listens.
    get url_private() {
      return `${origin()}${path}`;
    },
    get url_private_download() {
      return `${origin()}${path}`;
    },
    get permalink() {
      return `${origin()}${path}`;
    },
    shares: { public: {}, private: {} },
    stored_as: storedName(upload),
  };
}

/** Slack tells a file's type by its name. */
function contentTypeOf(filename: string): string {
  return contentTypes[path.extname(filename).toLowerCase()] ?? "application/octet-stream";
}

const contentTypes: Record<string, string> = {
  ".csv": "text/csv",
  ".gif": "image/gif",
  ".gz": "application/gzip",
  ".html": "text/html",
  ".jpg": "image/jpeg",
  ".json": "application/json",
  ".md": "text/markdown",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".txt": "text/plain",
  ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ".zip": "application/zip",
};
