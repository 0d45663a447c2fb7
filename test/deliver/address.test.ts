import { expect, test } from "vitest";
import { readAddress } from "../../src/deliver/address.ts";

test.each([
  ["ana@example.com", "", "ana@example.com"],
  ["  ana@example.com ", "", "ana@example.com"],
  ["Ana <ana@example.com>", "Ana", "ana@example.com"],
  ["<ana@example.com>", "", "ana@example.com"],
  ["Dr. Ana Núñez-Ruiz <ana@example.com>", "Dr. Ana Núñez-Ruiz", "ana@example.com"],
  ['"Ruiz, Ana (Ops)" <ana@example.com>', "Ruiz, Ana (Ops)", "ana@example.com"],
  ['"Ana \\"Ace\\" Ruiz" <ana@example.com>', 'Ana "Ace" Ruiz', "ana@example.com"],
  ["ana+reports.weekly@example.com", "", "ana+reports.weekly@example.com"],
  ["o'brien_{x}@Mail.EXAMPLE.com", "", "o'brien_{x}@mail.example.com"],
  ["Ana <ana@bücher.example>", "Ana", "ana@xn--bcher-kva.example"],
  ["ana@例え.テスト", "", "ana@xn--r8jz45g.xn--zckzah"],
  ["me@localhost", "", "me@localhost"],
])("%s is one mailbox", (text, name, address) => {
  expect(readAddress(text)).toEqual({ ok: true, address: { name, address } });
});

const several =
  "it holds more than one address: write them as a list, and put a name with a comma in double quotes";

test.each([
  ["", "it is empty"],
  ["not-an-address", "it has no @"],
  ["ana@", "no domain follows the @"],
  ["@example.com", "nothing comes before the @"],
  ["ana@example", 'its domain "example" has no dot'],
  ["ana@b@example.com", "it has more than one @"],
  ["ana@example..com", '"example..com" is not a domain name'],
  ["ana@-example.com", '"-example.com" is not a domain name'],
  ["ana@exa_mple.com", '"exa_mple.com" is not a domain name'],
  ["ana@10.0.0.1", '"10.0.0.1" is not a domain name: an IP address cannot be used here'],
  ["ana@[10.0.0.1]", '"[10.0.0.1]" is not a domain name'],
  ["ana ruiz@example.com", "it holds a space"],
  ["ana@example.com,bob@evil.example", several],
  ["ana@example.com; bob@evil.example", several],
  ["Ruiz, Ana <ana@example.com>", several],
  ["ana@example.com, Bob <bob@evil.example>", several],
  ["Team: ana@example.com, bob@example.com;", "it is written as a group: write its addresses as a list"],
  ["Team:ana@example.com", "it is written as a group: write its addresses as a list"],
  ["Team: Ana <ana@example.com>", "it is written as a group: write its addresses as a list"],
  ["ana@example.com\r\nBcc: bob@evil.example", "it holds a line break or another control character"],
  ["Ana\r\n <ana@example.com>", "it holds a line break or another control character"],
  ['"Ana\u2028" <ana@example.com>', "it holds a line break or another control character"],
  ["ana@example.com\u0000", "it holds a line break or another control character"],
  ["Ana (Ops) <ana@example.com>", "a name with ( in it needs double quotes"],
  ["Ana <ana@example.com", 'its angle brackets do not match: write "Name <user@example.com>"'],
  [
    "<ana@example.com> <bob@evil.example>",
    'its angle brackets do not match: write "Name <user@example.com>"',
  ],
  [".ana@example.com", "the part before the @ begins or ends with a dot, or has two in a row"],
  ["an..a@example.com", "the part before the @ begins or ends with a dot, or has two in a row"],
  [
    "añа@example.com",
    '"añа" is not ASCII: only some mail servers (those with SMTPUTF8) take such an address',
  ],
  [`${"a".repeat(65)}@example.com`, "it has more than 64 characters before the @"],
  [
    `${"a".repeat(64)}@${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.${"e".repeat(10)}.example`,
    "it is longer than 254 characters",
  ],
])("%j is refused", (text, problem) => {
  expect(readAddress(text)).toEqual({ ok: false, problem });
});
