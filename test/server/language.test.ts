import { rmSync } from "node:fs";
import { HtmlValidate } from "html-validate";
import { expect, test } from "vitest";
import { LOCALES, type Locale } from "../../src/core/words/locale.ts";
import { phrasesIn } from "../../src/core/words/phrases.ts";
import { openLinked } from "./linked.ts";

const ANA = { report: "weekly", kind: "email", recipient: "ana@example.com" };
const POST = { method: "POST", redirect: "manual" } as const;

async function openedIn(language: Locale, over: Parameters<typeof openLinked>[0] = {}) {
  const linked = await openLinked(over, {}, { language });
  const here = (url: string) => url.replace("https://lookpost.example.com", linked.url);
  return { ...linked, here };
}

/** What a person reads; its HTML is sound. */
async function read(response: Response, language: Locale): Promise<string> {
  const text = await response.text();
  expect(text).toContain(`<html lang="${language}">`);
  const standard = new HtmlValidate({ extends: ["html-validate:standard"] });
  expect((await standard.validateString(text)).results).toEqual([]);
  return text
    .replace(/<style>.*<\/style>/s, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

test("the page of a file speaks the report's language, dates and sizes too", async () => {
  const { offered, artifact } = await openedIn("de");
  const text = await read(await fetch(await offered(artifact("x".repeat(2_500_000)))), "de");
  expect(text).toContain(
    "Größe 2,5 MB Zeilen 12.431 Fällig 16. Nov. 2026, 08:00 EST Bis 23. Nov. 2026, 08:00 EST Herunterladen " +
      "Bis dahin kann jeder mit diesem Link die Datei herunterladen. Fragen: ops@example.com.",
  );
});

test.each(LOCALES)("each page that a link leads to is in %s", async (language) => {
  const { pages, troubles } = phrasesIn(language);
  const refused = new Error("refused");
  const { offers, here, offered, artifact } = await openedIn(language, {
    embed: () => Promise.reject(refused),
  });

  const stop = here(await offers.unsubscribe(ANA, "run1"));
  expect(await read(await fetch(stop), language)).toContain(pages.ifYouStop);
  expect(await read(await fetch(stop, POST), language)).toContain(pages.getAgain);
  expect(await read(await fetch(`${stop}/undo`, POST), language)).toContain(pages.linkStops);
  for (let times = 0; times < 18; times += 1) await fetch(stop, POST);
  const often = await read(await fetch(stop, POST), language);
  expect(often).toContain(troubles.tooOften.changed.sentence(20));
  expect(often).toContain(troubles.tryAgainIn(60));

  const open = here(await offers.embed("https://looker.example.com/looks/42", "run1"));
  expect(await read(await fetch(open), language)).toContain(pages.opensWithoutAccount);
  expect(await read(await fetch(open, POST), language)).toContain(troubles.reportIsWhole);

  const made = artifact("x");
  const file = await offered(made);
  rmSync(made.file.path);
  expect(await read(await fetch(file), language)).toContain(troubles.goneWhy);
});

test("a link that is known no more says so in English, and so does a page whose run is not known", async () => {
  const { url, offers, here } = await openedIn("de", { origin: async () => null });
  expect(await read(await fetch(`${url}/files/${"x".repeat(43)}`), "en")).toContain(
    "This link does not work",
  );
  const stop = here(await offers.unsubscribe(ANA, "run1"));
  expect(await read(await fetch(stop), "en")).toContain("Stop this report?");
});

test("what was not set up, and what is busy, are in the language too", async () => {
  const { offers, here } = await openedIn("fr", {
    embed: async () => null,
    unsubscribe: () => Promise.reject(new Error("disk full")),
  });
  const { troubles } = phrasesIn("fr");
  const open = here(await offers.embed("https://looker.example.com/looks/42", "run1"));
  expect(await read(await fetch(open, POST), "fr")).toContain(troubles.notSetUpWhy);
  const stop = here(await offers.unsubscribe(ANA, "run1"));
  expect(await read(await fetch(stop, POST), "fr")).toContain(troubles.busy);
});
