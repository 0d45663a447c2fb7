import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import {
  type AddressObject,
  type AttachmentStream,
  type Headers,
  MailParser,
  type MessageText,
} from "mailparser";
import type { SandboxMail } from "../../mail/server.ts";
import type { StoredMail } from "../../mail/store.ts";

/** The headers of a message that say who sent what to whom. */
export type MailHeaders = {
  subject: string;
  from: string;
  to: string;
  cc: string;
  /** Every header of the message, unfolded: name and value. */
  lines: readonly { name: string; value: string }[];
};

export type MailAttachment = {
  /** Counts from 0 in the order of the message. */
  index: number;
  filename: string;
  contentType: string;
  bytes: number;
  /** Shown inside the HTML part by its Content-ID. */
  isInline: boolean;
};

export type ReadMail = {
  headers: MailHeaders;
  /** The HTML part with its inline pictures put in as data: URLs. */
  html: string | undefined;
  text: string | undefined;
  attachments: readonly MailAttachment[];
};

/** Mails that have been read whole, so that going through the tabs of one does not read it again. */
const readMailsMax = 8;
const headerBytesMax = 256 * 1024;
/** A larger inline picture stays out of the HTML part; it can still be downloaded. */
const inlineBytesMax = 4 * 1024 * 1024;

const options = { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true, skipImageLinks: true };

/** The kept messages, each read once: a stored message does not change. */
export type Inbox = {
  newestFirst(): Promise<{ mail: StoredMail; headers: MailHeaders }[]>;
  find(id: string): Promise<StoredMail | undefined>;
  read(mail: StoredMail): Promise<ReadMail>;
};

export function openInbox(source: Pick<SandboxMail, "messages">): Inbox {
  const headers = new Map<string, Promise<MailHeaders>>();
  const mails = new Map<string, Promise<ReadMail>>();
  return {
    async newestFirst() {
      const stored = (await source.messages()).reverse();
      return Promise.all(
        stored.map(async (mail) => ({
          mail,
          headers: await kept(headers, mail.id, () => readMailHeaders(mail.file)),
        })),
      );
    },
    async find(id) {
      return (await source.messages()).find((mail) => mail.id === id);
    },
    read(mail) {
      const read = kept(mails, mail.id, () => readMail(mail.file));
      const oldest = mails.keys().next().value;
      if (mails.size > readMailsMax && oldest !== undefined) mails.delete(oldest);
      return read;
    },
  };
}

function kept<T>(known: Map<string, Promise<T>>, id: string, read: () => Promise<T>): Promise<T> {
  const found = known.get(id) ?? read();
  known.set(id, found);
  // What could not be read this time may be readable the next.
  found.catch(() => known.delete(id));
  return found;
}

async function readMailHeaders(file: string): Promise<MailHeaders> {
  const { headers } = await walk(file, (part) => part.content.resume(), headerBytesMax);
  return headers;
}

/** Reads a whole message; attachments are counted and dropped, whatever their size. */
async function readMail(file: string): Promise<ReadMail> {
  const attachments: MailAttachment[] = [];
  const pictures = new Map<string, string>();
  const { headers, body } = await walk(file, (part, index) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    part.content.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (part.cid !== undefined && bytes <= inlineBytesMax) chunks.push(chunk);
    });
    part.content.on("end", () => {
      const { contentType, cid } = part;
      const isInline = cid !== undefined && part.related === true;
      attachments.push({ index, filename: nameOf(part, index), contentType, bytes, isInline });
      if (cid !== undefined && bytes <= inlineBytesMax && contentType.startsWith("image/")) {
        pictures.set(cid, `data:${contentType};base64,${Buffer.concat(chunks).toString("base64")}`);
      }
    });
  });
  const html = typeof body.html === "string" ? withPictures(body.html, pictures) : undefined;
  return { headers, html, text: body.text, attachments };
}

/** Streams one attachment, decoded; undefined where the message has no such attachment. */
export function openAttachment(
  file: string,
  index: number,
): Promise<{ filename: string; contentType: string; content: Readable } | undefined> {
  return new Promise((resolve, reject) => {
    const walking = walk(file, (part, at, stop) => {
      if (at !== index) {
        part.content.resume();
        return;
      }
      part.content.once("close", stop);
      resolve({ filename: nameOf(part, at), contentType: part.contentType, content: part.content });
    });
    walking.then(() => resolve(undefined), reject);
  });
}

type Part = Omit<AttachmentStream, "content"> & { content: Readable };

/** `onAttachment` has to consume the content; the walk goes on once it has ended, or ends at `stop`. */
function walk(
  file: string,
  onAttachment: (part: Part, index: number, stop: () => void) => void,
  bytesMax?: number,
): Promise<{ headers: MailHeaders; body: { html?: string; text?: string } }> {
  return new Promise((resolve, reject) => {
    const source = createReadStream(file, bytesMax === undefined ? {} : { end: bytesMax - 1 });
    const parser = new MailParser(options);
    const body: { html?: string; text?: string } = {};
    let headers = emptyHeaders;
    let count = 0;
    const finish = () => {
      source.destroy();
      resolve({ headers, body });
    };
    parser.on("headers", (parsed: Headers) => {
      headers = { ...headers, ...addressHeaders(parsed) };
    });
    parser.on("headerLines", (lines: readonly { key: string; line: string }[]) => {
      headers = { ...headers, lines: lines.map(({ line }) => headerLine(line)) };
    });
    parser.on("data", (part: AttachmentStream | MessageText) => {
      if (part.type === "text") {
        if (typeof part.html === "string") body.html = part.html;
        // Without a text part mailparser gives an empty text.
        if (typeof part.text === "string" && part.text !== "") body.text = part.text;
        return;
      }
      const attachment: Part = Object.assign(part, { content: part.content as Readable });
      attachment.content.once("end", () => part.release());
      onAttachment(attachment, count, finish);
      count += 1;
    });
    parser.once("end", finish);
    parser.once("error", reject);
    source.once("error", reject);
    source.pipe(parser);
  });
}

const emptyHeaders: MailHeaders = { subject: "", from: "", to: "", cc: "", lines: [] };

function addressHeaders(headers: Headers): Omit<MailHeaders, "lines"> {
  const subject = headers.get("subject");
  return {
    subject: typeof subject === "string" ? subject : "",
    from: addresses(headers.get("from")),
    to: addresses(headers.get("to")),
    cc: addresses(headers.get("cc")),
  };
}

function addresses(value: unknown): string {
  const list: AddressObject[] = Array.isArray(value) ? value : [value].filter((each) => each !== undefined);
  return list.map((each) => each.text).join(", ");
}

function headerLine(line: string): { name: string; value: string } {
  const colon = line.indexOf(":");
  return {
    name: line.slice(0, colon),
    value: line
      .slice(colon + 1)
      .replace(/\r?\n\s*/g, " ")
      .trim(),
  };
}

function nameOf(part: Part, index: number): string {
  return part.filename ?? `attachment-${index + 1}`;
}

function withPictures(html: string, pictures: ReadonlyMap<string, string>): string {
  return html.replace(/\bcid:([^\s"'<>)]+)/gi, (whole, cid: string) => pictures.get(decodeCid(cid)) ?? whole);
}

function decodeCid(cid: string): string {
  try {
    return decodeURIComponent(cid);
  } catch {
    return cid;
  }
}
