import { expect, test } from "vitest";
import { z } from "zod";
import { describeRecipients } from "../../../src/deliver/email/options.ts";
import { emailOptions } from "../../../src/deliver/email/schema.ts";

const bare = (...addresses: string[]) => addresses.map((address) => ({ name: "", address }));

function mistakes(given: unknown): string[] {
  const result = emailOptions.safeParse(given);
  return (result.error?.issues ?? []).map((issue) => [issue.path.join("."), issue.message].join(": "));
}

test("an address, a list and an object come out in one shape", () => {
  const nobody = { cc: [], bcc: [], replyTo: [], subject: null, message: null, thread: false };
  expect(emailOptions.parse("ana@example.com")).toEqual({ to: bare("ana@example.com"), ...nobody });
  expect(emailOptions.parse(["ana@example.com", "Bob <bob@example.com>"])).toEqual({
    to: [...bare("ana@example.com"), { name: "Bob", address: "bob@example.com" }],
    ...nobody,
  });
  const full = {
    to: "ops@example.com",
    cc: [],
    bcc: ["boss@example.com"],
    reply_to: "data@example.com",
    subject: "Delays",
    message: "Good morning.",
    thread: true,
  };
  expect(emailOptions.parse(full)).toEqual({
    to: bare("ops@example.com"),
    cc: [],
    bcc: bare("boss@example.com"),
    replyTo: bare("data@example.com"),
    subject: "Delays",
    message: "Good morning.",
    thread: true,
  });
});

test("nobody gets the message twice, whatever the case and the field", () => {
  const options = emailOptions.parse({
    to: ["ana@example.com", "Ana <ANA@example.com>"],
    cc: ["ana@EXAMPLE.com", "bob@example.com"],
    bcc: ["bob@example.com", "eve@example.com"],
  });
  expect(options).toMatchObject({
    to: bare("ana@example.com"),
    cc: bare("bob@example.com"),
    bcc: bare("eve@example.com"),
  });
});

test("a wrong address is told by name and place", () => {
  expect(mistakes("ana@example")).toEqual([
    ': "ana@example" is not an email address: its domain "example" has no dot.',
  ]);
  expect(mistakes(["ana@example.com", "not-an-address"])).toEqual([
    '1: "not-an-address" is not an email address: it has no @.',
  ]);
  expect(mistakes({ to: ["ana@example.com"], cc: "Team: a@example.com;" })).toEqual([
    'cc: "Team: a@example.com;" is not an email address: it is written as a group: write its addresses as a list.',
  ]);
});

test("nobody, and what is no recipient at all, is refused", () => {
  expect(mistakes([]).join()).toMatch(/Write an address|Too small/);
  expect(mistakes({ to: [] }).join()).toMatch(/Write an address|Too small/);
  expect(mistakes({ cc: "ana@example.com" })).not.toEqual([]);
  expect(mistakes(7)).toEqual([
    expect.stringContaining("Write an address, a list of addresses, or {to: ..."),
  ]);
  expect(mistakes({ to: "ana@example.com", subjekt: "x" })).not.toEqual([]);
});

test("more recipients than any provider takes are refused", () => {
  const many = Array.from({ length: 300 }, (_, index) => `u${index}@example.com`);
  const more = many.map((address) => `x${address}`);
  expect(mistakes({ to: many, cc: more })).toEqual([expect.stringContaining("at most 500 recipients")]);
});

test("a description names the recipients, and is another for another list", () => {
  const describe = (...to: string[]) => describeRecipients(emailOptions.parse(to));
  expect(describe("ops@example.com", "ana@example.com")).toBe("ops@example.com, ana@example.com");
  const five = ["a@example.com", "b@example.com", "c@example.com", "d@example.com", "e@example.com"];
  expect(describe(...five)).toMatch(/^a@example\.com, b@example\.com and 3 more \([0-9a-f]{6}\)$/);
  expect(describe(...five)).toBe(describe(...five));
  expect(describe(...five)).not.toBe(describe(...five.slice(0, 4), "f@example.com"));
});

test("editors are offered every key, described", () => {
  const schema = z.toJSONSchema(emailOptions, { io: "input" });
  const texts = JSON.stringify(schema);
  for (const key of ["to", "cc", "bcc", "reply_to", "subject", "message", "thread"])
    expect(texts).toContain(`"${key}":{`);
  const object = (schema.anyOf ?? []).find(
    (option) => typeof option === "object" && option.type === "object",
  );
  const properties = Object.values(object?.properties ?? {});
  expect(properties).toHaveLength(8);
  for (const property of properties) expect(property).toHaveProperty("description");
});
