import type { Context, Hono } from "hono";
import { addFaults, type FaultList } from "../fault-list.ts";
import type { SandboxMail } from "../mail/server.ts";
import type { SlackMessage } from "../slack/message.ts";
import type { SandboxSlack } from "../slack/server.ts";
import type { Inbox } from "./mail/reader.ts";

export type Controlled = {
  mail: Pick<SandboxMail, "faults">;
  slack: Pick<SandboxSlack, "channels" | "posts" | "faults">;
  inbox: Inbox;
};

/**
 * The sandbox's own side, for drivers and judges outside this process: `POST /sandbox/mail/faults` and
 * `/sandbox/slack/faults` with a fault as JSON (or an array of them), `GET` to list those still active, `DELETE` to clear
 * them, or one by its id; `GET /sandbox/mail/messages` and `GET /sandbox/slack/posts` for what has arrived, oldest first.
 */
export function controlRoutes(app: Hono, { mail, slack, inbox }: Controlled): void {
  faultRoutes(app, "/sandbox/mail/faults", mail.faults);
  faultRoutes(app, "/sandbox/slack/faults", slack.faults);
  app.get("/sandbox/mail/messages", async (c) => c.json(await arrivedMails(inbox)));
  app.get("/sandbox/slack/posts", (c) => c.json(arrivedPosts(slack)));
}

type Faults<F> = Pick<FaultList<F>, "add" | "clear" | "list">;

function faultRoutes<F>(app: Hono, path: string, faults: Faults<F>): void {
  app.get(path, (c) => c.json(faults.list()));
  app.post(path, (c) => added(c, faults));
  app.delete(path, (c) => {
    faults.clear();
    return c.json(faults.list());
  });
  app.delete(`${path}/:id`, (c) => {
    faults.clear(c.req.param("id"));
    return c.json(faults.list());
  });
}

async function added<F>(c: Context, faults: Faults<F>): Promise<Response> {
  try {
    return c.json(addFaults(faults, await c.req.json()));
  } catch (error) {
    return c.json({ message: error instanceof Error ? error.message : String(error) }, 400);
  }
}

export type ArrivedMail = {
  readonly id: string;
  /** As in the header, with its angle brackets; null without one. */
  readonly messageId: string | null;
  /** MAIL FROM and RCPT TO. */
  readonly from: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  readonly bytes: number;
};

async function arrivedMails(inbox: Inbox): Promise<ArrivedMail[]> {
  const mails = await inbox.newestFirst();
  return mails.reverse().map(({ mail: { id, from, recipients, receivedAt, bytes }, headers }) => {
    const messageId = headers.lines.find(({ name }) => name.toLowerCase() === "message-id")?.value ?? null;
    return { id, messageId, from, recipients, subject: headers.subject, receivedAt, bytes };
  });
}

export type ArrivedPost = {
  /** The channel's id. */
  readonly channel: string;
  readonly channelName: string;
  readonly ts: string;
  /** The post it answers; null at the top level. */
  readonly threadTs: string | null;
  /** `key` of its metadata's payload, where it has one. */
  readonly key: string | null;
  readonly metadata: SlackMessage["metadata"] | null;
  readonly text: string;
  readonly files: readonly { readonly id: string; readonly name: string; readonly bytes: number }[];
};

function arrivedPosts(slack: Controlled["slack"]): ArrivedPost[] {
  return slack.channels().flatMap((channel) =>
    slack.posts(channel.id).map(({ ts, thread_ts, metadata, text, files = [] }) => {
      const key = metadata?.event_payload.key;
      return {
        channel: channel.id,
        channelName: channel.name,
        ts,
        threadTs: thread_ts ?? null,
        key: typeof key === "string" ? key : null,
        metadata: metadata ?? null,
        text,
        files: files.map(({ id, name, size }) => ({ id, name, bytes: size })),
      };
    }),
  );
}
