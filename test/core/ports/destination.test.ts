import { expect, test } from "vitest";
import {
  type Destination,
  type DestinationType,
  openDestination,
} from "../../../src/core/ports/destination.ts";
import { quickClock, renderMail, renderSlack, termsOf } from "../../deliver/sample-message.ts";
import { type WebhookOptions, webhook } from "../../deliver/webhook.ts";

const SURROUNDINGS = { clock: quickClock(), directory: "/nowhere", renderMail, renderSlack, redact: String };

test("a destination that is open knows its connection and its kind, also where it is an instance of a class", async () => {
  class Opened implements Destination<WebhookOptions> {
    readonly attachmentBytesMax = null;
    async deliver() {
      return { kind: "again", reason: this.attachmentBytesMax === null ? "no limit" : "limit" } as const;
    }
    close() {}
  }
  const { problems: _problems, trial: _trial, notes: _notes, ...plain } = webhook;
  const type: DestinationType<string, WebhookOptions> = {
    ...plain,
    onSandbox: { connection: (own) => own, options: (own) => own },
    server: (_options, connection) => connection,
    open: () => new Opened(),
  };
  const opened = openDestination(type, "hooks.example.com", SURROUNDINGS);
  expect([opened.kind, opened.server({ url: "" })]).toEqual(["webhook", "hooks.example.com"]);
  const commit = async () => Promise.reject(new Error("not asked"));
  expect(await opened.deliver({} as never, {}, { ...termsOf(), commit })).toEqual({
    kind: "again",
    reason: "no limit",
  });
});

test("one that cannot be closed is refused when it is opened, by its name", () => {
  const { close: _, ...forgotten } = webhook.open(null, SURROUNDINGS);
  const type = { ...webhook, open: () => forgotten as Destination<WebhookOptions> };
  expect(() => openDestination(type, null, SURROUNDINGS)).toThrow(
    'The destination "webhook" cannot be closed: it has no close().',
  );
});
