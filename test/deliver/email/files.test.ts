import { createTransport } from "nodemailer";
import { expect, test } from "vitest";
import { encodedBytes } from "../../../src/deliver/email/files.ts";
import { renderMail } from "../../../src/render/mail/mail.ts";
import { column, message, section, table, text } from "../../render/sample.ts";

/** The message as it goes over the wire. */
async function wireBytes(body: { readonly html: string; readonly text: string }): Promise<number> {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: "windows" });
  const sent = await transport.sendMail({
    from: "a@example.com",
    to: "b@example.com",
    subject: "S",
    ...body,
  });
  if (!Buffer.isBuffer(sent.message)) throw new Error("It came as a stream.");
  return sent.message.length;
}

const WORDS: readonly (readonly [string, string])[] = [
  ["English", "Hartsfield-Jackson Atlanta"],
  ["Cyrillic", "Аэропорт Шереметьево"],
  ["CJK", "航空会社の到着遅延時間"],
  ["accents", "ñ é ü"],
  ["emoji", "✈️🛫👩‍👩‍👧‍👦"],
  ["mixed", "Zürich → 東京 ✈️ on time = 98 %"],
  ["signs", "= = = = = ="],
];

test.each(WORDS)("what a digest of %s takes is estimated within a few per cent", async (_name, words) => {
  const rows = Array.from({ length: 300 }, (_, row) => [text(`${words} ${row}`), text(words), text(words)]);
  const shown = table([column("A"), column("B"), column("C")], rows);
  const body = renderMail(message([section(words, shown)]));
  const real = await wireBytes(body);
  const estimated = encodedBytes(body, []);
  expect(estimated / real).toBeGreaterThan(0.98);
  expect(estimated / real).toBeLessThan(1.12);
});

test.each(WORDS)("so are bodies of nothing but %s, in long lines and in short ones", async (_name, words) => {
  for (const separator of [" ", "\n"]) {
    const long = Array.from({ length: 3_000 }, () => words).join(separator);
    const real = await wireBytes({ html: long, text: long });
    const estimated = encodedBytes({ html: long, text: long }, []);
    expect(estimated / real).toBeGreaterThan(0.97);
    expect(estimated / real).toBeLessThan(1.15);
  }
});
