import { expect, test } from "vitest";
import { language } from "../../src/app/language.ts";
import { PLANNED_KEYS } from "../../src/config/problems/not-yet.ts";

test("a word that is built is not among those that are planned", () => {
  const words = (list: readonly { readonly kind: string }[]) => list.map(({ kind }) => kind);
  expect(words(language.destinations).filter((kind) => PLANNED_KEYS.delivery.has(kind))).toEqual([]);
  expect(words(language.formats).filter((kind) => PLANNED_KEYS.attachment.has(kind))).toEqual([]);
});
