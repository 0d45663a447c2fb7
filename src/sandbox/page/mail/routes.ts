import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Hono } from "hono";
import { download } from "../download.ts";
import type { RenderPage } from "../shell.ts";
import { type Inbox, openAttachment, type ReadMail } from "./reader.ts";
import { type MailView, mailPage, sourceCharsMax } from "./view.ts";

/**
 * The policy of an HTML part in its frame: no scripts, nothing from the network, no forms. Links open in a tab
 * of their own; the frame is of no origin, so that a message cannot reach the page around it.
 */
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/** `/mail/ID`: the message, its HTML part for the frame, its source, its attachments. */
export function mailRoutes(app: Hono, inbox: Inbox, page: RenderPage): void {
  app.get("/mail/:id", async (c) => {
    const mail = await inbox.find(c.req.param("id"));
    if (mail === undefined) return c.notFound();
    const read = await inbox.read(mail);
    const view = viewOf(c.req.query("view"), read);
    const source = view === "source" ? await beginning(mail.file) : "";
    return page(
      c,
      read.headers.subject,
      mailPage(mail, read, view, c.req.query("width") === "phone", source),
    );
  });
  app.get("/mail/:id/html", async (c) => {
    const mail = await inbox.find(c.req.param("id"));
    const content = mail === undefined ? undefined : (await inbox.read(mail)).html;
    if (content === undefined) return c.notFound();
    c.header("content-security-policy", mailPolicy);
    return c.html(mailDocument(content));
  });
  app.get("/mail/:id/message.eml", async (c) => {
    const mail = await inbox.find(c.req.param("id"));
    if (mail === undefined) return c.notFound();
    return download(createReadStream(mail.file), `${mail.id}.eml`, "message/rfc822", mail.bytes);
  });
  app.get("/mail/:id/attachments/:index", async (c) => {
    const mail = await inbox.find(c.req.param("id"));
    const index = Number(c.req.param("index"));
    const found = mail === undefined ? undefined : await openAttachment(mail.file, index);
    return found === undefined ? c.notFound() : download(found.content, found.filename, found.contentType);
  });
}

/** What was asked for; otherwise the HTML part, or the text where there is no other. */
function viewOf(asked: string | undefined, read: ReadMail): MailView {
  if (asked === "html" || asked === "text" || asked === "source") return asked;
  return read.html === undefined ? "text" : "html";
}

async function beginning(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(sourceCharsMax), 0, sourceCharsMax, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The HTML part of a message, with its links led to a new tab. */
function mailDocument(content: string): string {
  const target = '<base target="_blank">';
  for (const place of [/<head[^>]*>/i, /<html[^>]*>/i, /<!doctype[^>]*>/i]) {
    if (place.test(content)) return content.replace(place, (found) => found + target);
  }
  return target + content;
}
