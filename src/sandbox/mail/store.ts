import { createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** One received message: its envelope, and where the message itself is, as it came over the wire. */
export type StoredMail = {
  /** `<n>-<id>`: counts up in the order of arrival. */
  id: string;
  /** Absolute path of the .eml file (RFC 5322, CRLF). */
  file: string;
  /** MAIL FROM; the empty string is the null sender of a bounce. */
  from: string;
  /** RCPT TO, only those that were accepted. */
  recipients: readonly string[];
  /** ISO 8601, UTC. */
  receivedAt: string;
  bytes: number;
};

export type Envelope = { from: string; recipients: readonly string[] };

export type MailStore = {
  /** Streams a message to disk. An ended stream keeps it; an error or a destroyed stream leaves nothing behind. */
  receive(body: Readable, id: string): Promise<ReceivedBody>;
  /** Every kept message, in the order of arrival; also those of an earlier process with the same folder. */
  messages(): Promise<StoredMail[]>;
};

export type ReceivedBody = { keep(envelope: Envelope): Promise<StoredMail>; discard(): Promise<void> };

export async function openMailStore(folder: string): Promise<MailStore> {
  await mkdir(folder, { recursive: true });
  let count = await highestNumber(folder);
  return {
    async receive(body, id) {
      const part = path.join(folder, `.${id}.part`);
      const sink = createWriteStream(part);
      try {
        await pipeline(body, sink);
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
      const bytes = sink.bytesWritten;
      return {
        keep(envelope) {
          count += 1;
          return keep(folder, part, `${String(count).padStart(4, "0")}-${id}`, bytes, envelope);
        },
        discard: () => rm(part, { force: true }),
      };
    },
    messages: () => readMessages(folder),
  };
}

async function keep(
  folder: string,
  part: string,
  id: string,
  bytes: number,
  envelope: Envelope,
): Promise<StoredMail> {
  const file = path.join(folder, `${id}.eml`);
  const receivedAt = new Date().toISOString();
  const stored: StoredMail = {
    id,
    file,
    from: envelope.from,
    recipients: [...envelope.recipients],
    receivedAt,
    bytes,
  };
  const sidecar = path.join(folder, `${id}.json`);
  const { file: _, ...record } = stored;
  // The .eml appears last and whole, so that a program that watches the folder for .eml files finds its envelope too.
  await writeFile(`${sidecar}.part`, `${JSON.stringify(record, null, 2)}\n`);
  await rename(`${sidecar}.part`, sidecar);
  await rename(part, file);
  return stored;
}

async function readMessages(folder: string): Promise<StoredMail[]> {
  const ids = await storedIds(folder);
  return Promise.all(
    ids.map(async (id) => {
      const record = JSON.parse(await readFile(path.join(folder, `${id}.json`), "utf8"));
      return { ...record, file: path.join(folder, `${id}.eml`) };
    }),
  );
}

async function storedIds(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  const ids = names.filter((name) => name.endsWith(".eml")).map((name) => name.slice(0, -".eml".length));
  return ids.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}

async function highestNumber(folder: string): Promise<number> {
  const last = (await storedIds(folder)).at(-1);
  return last === undefined ? 0 : Number.parseInt(last, 10) || 0;
}
