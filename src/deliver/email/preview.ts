import { readFile } from "node:fs/promises";
import { ReportError } from "../../core/error.ts";
import { later } from "../../core/later.ts";
import type { RenderMail } from "../../core/model/digest.ts";
import { introOf, type Message } from "../../core/model/message.ts";
import { type Picture, pictureType } from "../../core/model/picture.ts";
import type { DeliveryTerms, PreviewFile } from "../../core/ports/destination.ts";
import { openArtifacts } from "../artifact-file.ts";
import type { EmailConnection } from "./connection.ts";
import { attachmentsOf, mailFiles } from "./files.ts";
import { leavingOf, readerOf } from "./leaving.ts";
import { mailOf } from "./message.ts";
import { type EmailOptions, recipients } from "./options.ts";

const mailer = later(() => import("nodemailer"));

/**
 * What the recipients would get: the message byte for byte, and its two bodies, the HTML with its pictures in it. Held in memory
 * whole, which `attach_max` bounds. Throws ReportError where a file cannot be read.
 */
export async function previewEmail(
  message: Message,
  options: EmailOptions,
  connection: EmailConnection,
  deps: { readonly renderMail: RenderMail; readonly now: Date } & Pick<DeliveryTerms, "unsubscribe">,
): Promise<PreviewFile[]> {
  const introduced = { ...message, intro: introOf(message, options.message) };
  // Each recipient gets a link of their own: shown is the message of the first.
  const first = recipients(options).slice(0, deps.unsubscribe === null ? undefined : 1);
  const part = first.map(({ address }) => address);
  const leaving = await leavingOf({ message, options, connection }, part, deps);
  const reader = readerOf(leaving, part, options);
  const body = await deps.renderMail(introduced, undefined, reader);
  const files = mailFiles(message, body);
  const mail = mailOf(
    message,
    body,
    files,
    { shown: options, toServe: options, leaving },
    connection,
    deps.now,
  );
  const handles = await openArtifacts(files.map(({ artifact }) => artifact));
  if ("kind" in handles)
    throw new ReportError(handles.reason, {
      code: "local",
      advice: "Run the preview again.",
    });
  try {
    const { createTransport } = await mailer();
    const transport = createTransport({ streamTransport: true, buffer: true, newline: "windows" });
    const made = await transport.sendMail({ ...mail, attachments: attachmentsOf(files, handles) });
    const page = await deps.renderMail(introduced, await inlined(message.pictures), reader);
    return [
      { name: "message.eml", contents: await bytesOf(made.message) },
      { name: "body.html", contents: page.html },
      { name: "body.txt", contents: body.text },
    ];
  } finally {
    await Promise.allSettled(handles.map((handle) => handle.close()));
  }
}

async function inlined(pictures: readonly Picture[]): Promise<(picture: Picture) => string> {
  const urls = new Map<string, string>();
  for (const picture of pictures)
    urls.set(
      picture.name,
      `data:${pictureType(picture)};base64,${(await readFile(picture.file.path)).toString("base64")}`,
    );
  return ({ name }) => urls.get(name) ?? "";
}

async function bytesOf(message: AsyncIterable<Uint8Array> | Uint8Array): Promise<Uint8Array> {
  if (message instanceof Uint8Array) return message;
  const chunks: Uint8Array[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}
