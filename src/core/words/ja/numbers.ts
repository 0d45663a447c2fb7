import { numberPhrases } from "../numbers.ts";

export const numbers = numberPhrases({
  tag: "ja-JP",
  separators: { group: ",", decimal: "." },
  percent: "%",
  sizes: ["B", "kB", "MB", "GB", "TB"],
  times: { gap: "", h: "時間", min: "分", s: "秒" },
  comma: "、",
  and: "、",
  or: "または",
  more: (number) => `ほか${number}件`,
});
