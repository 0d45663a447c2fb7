import { createRequire } from "node:module";
import path from "node:path";

const folder = path.dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/inter/package.json"));

/** The font that the program itself comes with, so that pictures are the same on every machine. */
export const INTER = {
  regular: path.join(folder, "400Regular/Inter_400Regular.ttf"),
  semibold: path.join(folder, "600SemiBold/Inter_600SemiBold.ttf"),
};
