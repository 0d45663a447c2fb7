import type { FilterPhrases } from "../en/filters.ts";
import type {
  DateCondition,
  FilterMoment,
  FilterSpan,
  FilterUnit,
  NumberRange,
  TextGroup,
} from "../filters.ts";
import { dates } from "./dates.ts";
import { numbers } from "./numbers.ts";

const { either } = numbers;

/** Its name; how long, and how far away, after a number; this one, the last and the next. */
interface UnitWords {
  readonly name: string;
  readonly long: string;
  readonly away: string;
  readonly this: string;
  readonly last: string;
  readonly next: string;
}

function unit(name: string, long: string, away: string, near: readonly [string, string, string]): UnitWords {
  return { name, long, away, this: near[0], last: near[1], next: near[2] };
}

const UNITS: Readonly<Record<FilterUnit["name"], UnitWords>> = {
  second: unit("秒", "秒間", "秒", ["現在の1秒間", "直前の1秒間", "次の1秒間"]),
  minute: unit("分", "分間", "分", ["現在の1分間", "直前の1分間", "次の1分間"]),
  hour: unit("時間", "時間", "時間", ["現在の1時間", "直前の1時間", "次の1時間"]),
  day: unit("日", "日間", "日", ["今日", "昨日", "明日"]),
  week: unit("週", "週間", "週間", ["今週", "先週", "来週"]),
  month: unit("月", "か月", "か月", ["今月", "先月", "来月"]),
  quarter: unit("四半期", "四半期", "四半期", ["今四半期", "前四半期", "翌四半期"]),
  year: unit("年", "年間", "年", ["今年", "昨年", "来年"]),
  "fiscal quarter": unit("会計四半期", "会計四半期", "会計四半期", [
    "今会計四半期",
    "前会計四半期",
    "翌会計四半期",
  ]),
  "fiscal year": unit("会計年度", "会計年度", "会計年度", ["今会計年度", "前会計年度", "翌会計年度"]),
};
const NAMED: Readonly<Record<string, string>> = {
  today: "今日",
  yesterday: "昨日",
  tomorrow: "明日",
  now: "現在",
  monday: "月曜日",
  tuesday: "火曜日",
  wednesday: "水曜日",
  thursday: "木曜日",
  friday: "金曜日",
  saturday: "土曜日",
  sunday: "日曜日",
};
const COMPARED = { ">": "より大きい", ">=": "以上", "<": "未満", "<=": "以下" };
const MATCHES = {
  is: "",
  contains: "を含む",
  starts: "で始まる",
  ends: "で終わる",
  matches: "に一致",
};
const MATCHES_NOT = {
  is: "以外",
  contains: "を含まない",
  starts: "で始まらない",
  ends: "で終わらない",
  matches: "に一致しない",
};

export const filters: FilterPhrases = {
  sentence: (label, condition) => `${label}：${condition}`,
  custom: (expression) => `カスタムフィルター：${expression}`,
  userAttribute: (name) => `ユーザー属性${name}に一致`,
  written: (expression) => `${expression}に一致`,
  nullValue: "null",
  blank: "空白",

  date: dateCondition,
  anyDate: (conditions) => either(conditions.map(dateCondition)),
  number: (wanted, unwanted) =>
    [
      ...(wanted.length === 0 ? [] : [either(wanted.map(range))]),
      ...(unwanted.length === 0 ? [] : [`${either(unwanted.map(range))}以外`]),
    ].join("、"),
  text(wanted, unwanted) {
    const said = (groups: readonly TextGroup[], words: Readonly<Record<TextGroup[0], string>>) =>
      groups.map(([how, texts]) => `${either(texts)}${words[how]}`);
    const yes = wanted.length === 0 ? [] : [said(wanted, MATCHES).join("または")];
    return [...yes, ...said(unwanted, MATCHES_NOT)].join("、");
  },
};

function dateCondition(condition: DateCondition): string {
  switch (condition.kind) {
    case "last":
    case "next": {
      const span = `${condition.kind === "last" ? "過去" : "今後"}${spanWords(condition.span)}`;
      return condition.isComplete ? `${span}（完了した期間のみ）` : span;
    }
    case "at":
      return moment(condition.point);
    case "to_date": {
      const side = condition.which === "this" ? "現在の" : "現在と同じ";
      return `${UNITS[condition.unit.name][condition.which]}の初めから${side}${UNITS[condition.to.name].name}まで`;
    }
    case "span_from":
      return `${moment(condition.from)}から${spanWords(condition.span)}`;
    case "range":
      return `${moment(condition.from)}以降、${moment(condition.to)}より前`;
    case "before":
      return `${moment(condition.point)}より前`;
    case "after":
      return `${moment(condition.point)}以降`;
    case "quarter":
      return `${condition.year}年第${condition.quarter}四半期`;
    case "fiscal":
      return `${condition.year}年度${condition.quarter === null ? "" : `第${condition.quarter}四半期`}`;
    case "year":
      return `${condition.year}年`;
    case "null":
      return "null";
    case "not_null":
      return "null以外";
  }
}

/** "12週間" */
function spanWords({ count, unit: { name } }: FilterSpan): string {
  return `${count ?? "1"}${UNITS[name].long}`;
}

function moment(point: FilterMoment): string {
  switch (point.kind) {
    case "date":
      return dates.point(point);
    case "named":
      return NAMED[point.name] ?? point.name;
    case "away": {
      const { count, unit: away } = point.span;
      return `${count ?? "1"}${UNITS[away.name].away}${point.isAhead ? "後" : "前"}`;
    }
    case "which":
      return UNITS[point.unit.name][point.which];
    case "written":
      return point.text;
  }
}

function range(numbers: NumberRange): string {
  switch (numbers.kind) {
    case "null":
      return "null";
    case "one":
      return numbers.number;
    case "between":
      return `${numbers.from}以上${numbers.to}以下`;
    case "bounds":
      return numbers.all.map(({ sign, number }) => `${number}${COMPARED[sign]}`).join("かつ");
  }
}
