import { numberPhrases } from "../numbers.ts";

export const numbers = numberPhrases({
  tag: "de-DE",
  separators: { group: ".", decimal: "," },
  percent: "\u00a0%",
  sizes: ["B", "kB", "MB", "GB", "TB"],
  times: { gap: " ", h: "Std.", min: "Min.", s: "Sek." },
  comma: ", ",
  and: " und ",
  or: " oder ",
  more: (number) => `${number} weitere`,
});
