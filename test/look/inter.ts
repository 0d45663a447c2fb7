import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { readFont } from "../../src/draw/process/font-file.ts";

const folder = path.dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/inter/package.json"));

/** The font that the program itself comes with, so that pictures are the same on every machine. */
export const INTER = {
  regular: path.join(folder, "400Regular/Inter_400Regular.ttf"),
  semibold: path.join(folder, "600SemiBold/Inter_600SemiBold.ttf"),
};

const faces = Object.values(INTER).map((file) => readFont(readFileSync(file)));

/** The characters of a text that Inter lacks in either weight, each once: a browser takes them from whatever fonts a machine has. */
export function missingInInter(text: string): string[] {
  return [...new Set(text.replaceAll(/\p{Cc}/gu, ""))].filter((letter) =>
    faces.some((face) => (face?.advance(letter.codePointAt(0) ?? 0) ?? null) === null),
  );
}
