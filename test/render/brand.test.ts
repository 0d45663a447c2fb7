import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readXlsx } from "hucre/xlsx";
import { afterAll, expect, test } from "vitest";
import type { Message } from "../../src/core/model/message.ts";
import { mailFiles } from "../../src/deliver/email/files.ts";
import { fitPictures } from "../../src/render/fit/pictures.ts";
import { renderMail } from "../../src/render/mail/mail.ts";
import { pageHtml } from "../../src/render/page/page.ts";
import { renderSlack } from "../../src/render/slack/slack.ts";
import { xlsxFormat } from "../../src/render/xlsx/format.ts";
import { xlsxOptions } from "../../src/render/xlsx/schema.ts";
import { inputOf, made, result } from "./file-input.ts";
import { column, message, number, section, table, text } from "./sample.ts";

const folder = mkdtempSync(join(tmpdir(), "lookpost-brand-"));
afterAll(() => rmSync(folder, { recursive: true }));

function logo(name: string) {
  const path = join(folder, name);
  writeFileSync(path, "picture");
  return { name, file: { path, bytes: 7 }, width: 160, height: 40, alt: "Acme" };
}

const rows = table([column("Origin"), column("Count", true)], [[text("color:#0b6675"), number(367)]]);
const brand = {
  name: "Acme <b>",
  accent: "#7a1fa2",
  footer: "Acme Ltd (https://acme.example/privacy).\njavascript:alert(1)",
} as const;
const branded = (more: Partial<Message["brand"]> = {}) =>
  message([section("Delays", rows)], { brand: { ...brand, ...more } });

test("an email has the accent in every place of lookpost's colour, and data stay as they are", async () => {
  const { html } = renderMail(branded());
  expect(html).toContain('bgcolor="#7a1fa2"');
  expect(html).toContain(".d a{color:#7a1fa2}");
  expect(html.match(/#0b6675|#6fc6d2/g)).toEqual(["#0b6675"]);
  expect(html).toContain(">color:#0b6675<");
});

test("name and footer are escaped, and web addresses in the footer alone are links", () => {
  const { html, text: plain } = renderMail(branded());
  expect(html).toContain("Acme &lt;b&gt;</p>");
  expect(html).toContain(
    '<a class="link" href="https://acme.example/privacy" style="color:#7a1fa2">https://acme.example/privacy</a>).',
  );
  expect(html).not.toContain('href="javascript');
  expect(plain.startsWith("Acme <b>\n\nWeekly flight delays\n")).toBe(true);
  expect(plain.trimEnd().endsWith("Acme Ltd (https://acme.example/privacy).\njavascript:alert(1)")).toBe(
    true,
  );
});

test("a logo comes with the email in its own type, and stays where other pictures have to go", () => {
  const pictures = [logo("logo.jpg"), logo("logo-dark.gif")];
  const whole = { ...branded({ logo: { light: "logo.jpg", dark: "logo-dark.gif" } }), pictures };
  const { message: fitted } = fitPictures(whole, 1);
  const body = renderMail(fitted);
  expect(mailFiles(fitted, body).map(({ artifact }) => artifact.contentType)).toEqual([
    "image/jpeg",
    "image/gif",
  ]);
  expect(body.html).not.toContain("Acme &lt;b&gt;</p>");
  // A message that lost it shows the name.
  expect(renderMail({ ...whole, pictures: [] }).html).toContain("Acme &lt;b&gt;</p>");
});

test("the page, a Slack post and a workbook say whose they are", async () => {
  const page = [...pageHtml(branded(), [], () => "")].join("");
  expect(page).toContain("--accent:#7a1fa2");
  expect(page).toContain('<p class="brand">Acme &lt;b&gt;</p>');
  expect(JSON.stringify(renderSlack(branded(), new Map()).blocks[1])).toContain("Acme <b>");
  const input = await inputOf({ Delays: result(rows), More: result(table([column("A")], [[text("1")]])) });
  const { bytes } = await made(
    xlsxFormat,
    { ...input, message: { ...input.message, brand } },
    xlsxOptions.parse({}),
  );
  const book = await readXlsx(bytes);
  expect(book.properties?.creator).toBe("Acme <b>");
  expect(book.sheets[0]?.rows.slice(0, 2).map(([first]) => first)).toEqual([
    "Weekly flight delays",
    "Acme <b>",
  ]);
});

test("a message without a brand is as it was", () => {
  const { html } = renderMail(message([section("Delays", rows)]));
  expect(html).toContain('bgcolor="#0b6675"');
  expect(html).toContain("#6fc6d2");
});
