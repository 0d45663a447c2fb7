import { numberPhrases } from "../numbers.ts";

export const numbers = numberPhrases({
  tag: "en-US",
  separators: { group: ",", decimal: "." },
  percent: "%",
  sizes: ["B", "kB", "MB", "GB", "TB"],
  times: { gap: " ", h: "h", min: "min", s: "s" },
  comma: ", ",
  and: " and ",
  or: " or ",
  more: (number) => `${number} more`,
});
