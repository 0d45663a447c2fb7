import { expect, onTestFinished, test } from "vitest";
import { bareConfig } from "../../src/app/config.ts";
import { openConnections } from "../../src/app/connections.ts";
import { createSlots } from "../../src/core/rules/slots.ts";
import { emailConnection, emailOptions } from "../../src/deliver/email/schema.ts";
import { scriptedSmtp } from "../deliver/email/scripted-smtp.ts";
import { sampleMessage, systemClock, termsOf } from "../deliver/sample-message.ts";

test("a block that has changed is used from then on, and nothing stays open over the one before", async () => {
  const smtp = await scriptedSmtp(() => null);
  const configOf = (from: string) => ({
    ...bareConfig(),
    connections: { email: emailConnection.parse({ smtp: smtp.url, from }) },
  });
  const connections = openConnections(configOf("old@example.com"), {
    env: {},
    clock: systemClock,
    slots: (_pool, most) => createSlots(most),
  });
  onTestFinished(() => connections.close());
  const send = () =>
    connections
      .destination("email")
      .deliver(sampleMessage(), emailOptions.parse("ana@example.com"), termsOf());
  await send();
  connections.update(configOf("new@example.com"));
  await expect.poll(() => smtp.received()).toMatch(/QUIT\r\n$/);
  await send();
  expect(smtp.received()).toMatch(/QUIT\r\n.*MAIL FROM:<new@example\.com>/s);
  expect(smtp.connections()).toBe(2);
});
