import type { KpiRecord } from "../../model/show.ts";
import type { Unit } from "../../rules/dates/calendar.ts";
import type { Grain } from "../../rules/dates/date-value.ts";
import type { FigurePhrases, Judgement, MoveWords } from "../en/figures.ts";
import { numbers } from "./numbers.ts";

const { count } = numbers;

const BEFORE: Readonly<Record<Unit, string>> = {
  day: "前日",
  week: "前週",
  month: "前月",
  quarter: "前四半期",
  year: "前年",
};
/** After a number: how long. */
const LONG: Readonly<Record<Unit, string>> = {
  day: "日間",
  week: "週間",
  month: "か月",
  quarter: "四半期",
  year: "年間",
};
const EARLIER: Readonly<Record<Unit, string>> = {
  day: "1日前",
  week: "1週間前",
  month: "1か月前",
  quarter: "1四半期前",
  year: "1年前",
};
const GRAINS: Readonly<Record<Grain, string>> = {
  time: "時刻",
  day: "日",
  week: "週",
  month: "月",
  quarter: "四半期",
  fiscal_quarter: "会計四半期",
  year: "年",
  fiscal_year: "会計年度",
};
const UNIT_WORDS: Readonly<Record<string, string>> = { days: "日" };
const SIDES = { worst: "最も悪く", best: "最も良く", highest: "最も高く", lowest: "最も低く" };
const VERDICTS: Readonly<Record<Judgement, string>> = { better: "改善", worse: "悪化", none: "" };

export const figures: FigurePhrases = {
  caption: "主な数値",
  noValue: "値なし",
  same: "変化なし",
  soFar: "集計途中",
  direction: { up: "増加", down: "減少", level: "横ばい" },

  before: (unit) => BEFORE[unit],
  periodCompared: (period, unit) => `${period}（${BEFORE[unit]}比）`,
  pastLines: ({ count: periods, unit }) => `折れ線：${past(periods, unit)}`,

  was: (from, when, verdict) => `${when === "" ? "" : `${when}の`}${from}から${VERDICTS[verdict]}`,
  wasTheSame: (when) => (when === "" ? "" : `${when}と同じ`),
  change(move, from, against, verdict) {
    const start = `${against}の${from}から`;
    if (move.direction === "level") return `${start}横ばい`;
    return `${start}${moved(move)}${verdict === "none" ? "" : `（${VERDICTS[verdict]}）`}`;
  },
  brief: (value, move) => `${value}、${move.direction === "level" ? "横ばい" : moved(move)}`,
  line: (heading, value, change) => `${heading}：${value}${change === "" ? "" : `、${change}`}`,
  points: (digits) => `${digits}ポイント`,
  partial: (of, soFar) => `${of}、${soFar}`,
  ofWhom: (label, whom) => `${label}（${whom}）`,
  unit: (unit) => UNIT_WORDS[unit] ?? unit,

  noEarlierValue: "以前の値なし",
  noEarlierReport: "以前のレポートなし",
  lastReportOf: (series) => `前回のレポートは${series || "別の数値"}が対象`,
  inLastReport: (day, time) => `前回のレポート（${day}${time === null ? "" : ` ${time}`}）`,
  inRowBefore: "前の行",
  noValueWhen: (when) => `${when}の値なし`,
  tooCoarse: (grain, unit) => `日付が${GRAINS[grain]}単位のため、${EARLIER[unit]}の値なし`,
  lookedForIn: (known, all) =>
    `この数値は、全${count(all)}行のうち先頭${count(known)}行のみから検索しました。`,
  unreadablePast: "比較に使う前回の値を読み取れませんでした。今回の値から比較をやり直します。",
  pastNotImported: "過去の値を今回は取り込めませんでした",

  leadJoin: "、",
  leadEnd: "。",
  inSentence: (label) => label,
  leadMoved: ({ label, value, record }, direction, by) =>
    `${label}は${by}${direction === "up" ? "増" : "減"}の${value}${recordWords(record)}`,
  leadUnmoved: ({ label, value, record }) => `${label}は横ばいの${value}${recordWords(record)}`,
  leads: ({ label, name, value, side }) => `${label}は${name}が${SIDES[side]}${value}`,
  leadAt: ({ label, value, record }) => `${label}は${value}${recordWords(record)}`,
  leadSoFar: ({ label, value, record }) => `${label}は現時点で${value}${recordWords(record)}`,

  sparkline: (line) =>
    `${line.label}、全${line.count}点、最初は${line.first}、最後は${line.last}：現在${line.value || "値なし"}${line.isPartial ? "（集計途中）" : ""}、最小${line.lowest}、最大${line.highest}。`,
};

/** "1,204（8.2%）増" */
function moved({ direction, by, percent }: MoveWords): string {
  return `${by}${percent === null ? "" : `（${percent}）`}${direction === "up" ? "増" : "減"}`;
}

function past(periods: number, unit: Unit): string {
  return `過去${count(periods)}${LONG[unit]}`;
}

function recordWords(record: KpiRecord | undefined): string {
  if (record === undefined) return "";
  return `（${past(record.count, record.unit)}で最${record.side === "lowest" ? "低" : "高"}）`;
}
