import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { MailBody, SlackPost } from "../../src/core/model/digest.ts";
import type { Message } from "../../src/core/model/message.ts";
import { commitment } from "../../src/core/model/outcome.ts";
import type { Clock } from "../../src/core/ports/clock.ts";
import type { DeliveryTerms } from "../../src/core/ports/destination.ts";
import { notebookInMemory } from "../../src/core/ports/notebook.ts";

/** A message of one section with two rows, and what is asked for beyond that. */
export function sampleMessage(over: Partial<Message> = {}): Message {
  return {
    key: "run-1/email/1",
    run: {
      id: "run-1",
      report: "weekly-delays",
      title: "Weekly flight delays",
      owner: "flight-ops@example.com",
      dueAt: "2026-11-16T13:00:00.000Z",
      timezone: "America/New_York",
    },
    purpose: "report",
    subject: "Weekly flight delays",
    intro: null,
    period: null,
    sections: [],
    notices: [],
    artifacts: [],
    downloads: [],
    pictures: [],
    ...over,
  };
}

/** One attempt that is not stopped and has the right to act, and what is asked for beyond that. */
export function termsOf(
  over: Partial<Omit<DeliveryTerms, "commit">> & { commit?: () => unknown } = {},
): DeliveryTerms {
  return {
    signal: new AbortController().signal,
    confirm() {},
    only: null,
    unsubscribe: null,
    notebook: notebookInMemory(systemClock),
    hasten() {},
    ...over,
    async commit() {
      await over.commit?.();
      return commitment;
    },
  };
}

/** Stands in for the render room, which has tests of its own: words that can be told apart. */
export function renderMail(message: Message): MailBody {
  return {
    html: `<!doctype html><p>${message.intro ?? "no intro"}</p><p>1 250 of Zürich–Genève</p>`,
    text: `${message.intro ?? "no intro"}\n\n1 250 of Zürich–Genève\n`,
  };
}

export function renderSlack(message: Message): SlackPost {
  const text = `${message.run.title}: ${message.intro ?? "no intro"}`;
  return { text, blocks: [{ type: "section", text: { type: "plain_text", text } }] };
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }),
};

/** Its sleeps end at once, and are written down. */
export function quickClock(now = new Date("2026-11-16T13:00:05Z")): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    now: () => now,
    slept,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
    },
  };
}

export function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
