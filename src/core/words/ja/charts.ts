import type { ChartMark, ChartPhrases, SpotWords } from "../en/charts.ts";
import { numbers } from "./numbers.ts";
import { tables } from "./tables.ts";

const { count } = numbers;

const NAMES: Readonly<Record<ChartMark, string>> = {
  line: "折れ線グラフ",
  bar: "棒グラフ",
  area: "面グラフ",
  arc: "円グラフ",
  point: "散布図",
};

export const charts: ChartPhrases = {
  head: (mark, y, by) => `${y}の${by.join("・")}別${NAMES[mark]}`,
  noValues: "値なし",
  onePoint: (spot) => `1点、${at(spot)}`,
  points: ({ count: all, first, last, lowest, highest }) =>
    `${first.at}から${last.at}までの${count(all)}点、最初${first.value}、最後${last.value}、最小${at(lowest)}、最大${at(highest)}`,
  groups: (number, rest) => `${count(number)}系列${rest === null ? "" : `と${rest}`}`,
  specAlt: (head, each) => [head, ...each].map((sentence) => `${sentence}。`).join(""),
  alt: (head, groups, each, more, notes) =>
    [
      `${head}：${groups === null ? "" : `${groups}。`}${each.join("。")}${more > 0 ? `、ほか${count(more)}件` : ""}。`,
      ...notes,
    ].join(""),
  others: (number) => `ほか${count(number)}件`,
  series: "系列",
  place: "項目",
  ofSpec: (title, rows) => `${title}：${tables.rowCount(rows)}のグラフ`,
  ofSeries: (name, words) => `${name}：${words}`,
  largestDrawn: (drawn, all, what, isByColour) =>
    `${what}全${count(all)}件のうち上位${drawn}件を${isByColour ? "個別の色で" : ""}表示しています。`,
  rowsLost: (lost, all, label) =>
    `全${count(all)}行のうち${count(lost)}行は、${label}に描画できる値がありません。`,
  firstDrawn: (drawn, all) => `全${all}件のうち先頭${drawn}件を表示しています。`,
  firstRows: (shown, all) => `グラフは全${count(all)}行のうち先頭${count(shown)}行を示しています。`,
  unfinished: (name, soFar) => `未終了の期間：${name}、${soFar}。`,
  soFar: "集計途中",

  course: ({ first, last, lowest, highest }) =>
    `最初${at(first)}、最後${at(last)}、最小${at(lowest)}、最大${at(highest)}`,
  range: ({ lowest, highest }) => `最小${at(lowest)}、最大${at(highest)}`,
  spot: at,
  inPicture: (more) => `${more}は画像に表示`,
  share: (name, value, share) => `${name} ${value}${share === null ? "" : `（${share}）`}`,
  shares: (parts, more) => [...parts, ...(more === null ? [] : [more])].join("、"),

  image: (title, rows, lines) => {
    const head = `${title}（Lookerによる描画）：${tables.rowCount(rows)}。`;
    return lines.length === 0
      ? head
      : `${head}${lines.length < rows ? "先頭の行：" : ""}${lines.join("；")}。`;
  },
  none: "値なし",

  notDrawn: "グラフを描画できませんでした",
  notDrawnByLooker: "Lookerで描画できなかったため、表を表示しています",
  because: (what, why) => `${what}：${why}。`,
  notWithin: (duration) => `Lookerの処理が${duration}以内に終わりませんでした`,
  why: {
    config: "レポートの設定どおりには取得できません",
    auth: "Lookerで許可されていません",
    not_found: "Lookerにないか、レポートからは参照できません",
    invalid_query: "Lookerがこのクエリを受け付けません",
    database: "Lookerでの処理に失敗しました",
    too_large: "Lookerから届いたデータが大きすぎます",
    unavailable: "Lookerに接続できませんでした",
    rate_limited: "現在、Lookerへのアクセスが集中しています",
    timeout: "時間がかかりすぎました",
    cancelled: "処理が取り消されました",
    protocol: "Lookerから届いたデータを読み取れませんでした",
    local: "レポートを作成するサーバーで処理に失敗しました",
  },
};

function at({ value, at: place }: SpotWords): string {
  return `${value}（${place}）`;
}
