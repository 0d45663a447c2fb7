import { numberPhrases } from "../numbers.ts";

export const numbers = numberPhrases({
  tag: "fr-FR",
  separators: { group: "\u202f", decimal: "," },
  percent: "\u202f%",
  sizes: ["o", "ko", "Mo", "Go", "To"],
  times: { gap: " ", h: "h", min: "min", s: "s" },
  comma: ", ",
  and: " et ",
  or: " ou ",
  more: (number) => `${number} de plus`,
});
