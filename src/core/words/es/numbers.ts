import { numberPhrases } from "../numbers.ts";

export const numbers = numberPhrases({
  tag: "es-ES",
  separators: { group: ".", decimal: "," },
  percent: "\u00a0%",
  sizes: ["B", "kB", "MB", "GB", "TB"],
  times: { gap: " ", h: "h", min: "min", s: "s" },
  comma: ", ",
  and: " y ",
  or: " o ",
  more: (number) => `${number} más`,
});
