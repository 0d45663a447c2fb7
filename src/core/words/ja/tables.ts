import type { ChangeCounts, TablePhrases } from "../en/tables.ts";
import { numbers } from "./numbers.ts";

const { count, listed } = numbers;

export const tables: TablePhrases = {
  rows({ shown, all, isExact, noun }) {
    const counter = noun === null ? "行" : "件";
    const first = isExact ? (noun === null && shown >= all ? "" : "全") : "先頭";
    const whole = `${noun ?? ""}${first}${count(all)}${counter}`;
    return shown < all ? `${whole}中${count(shown)}${counter}` : whole;
  },
  rowCount,
  noRows: "0行",
  notShownHere: (rows) => `${rows}、ここでは非表示`,
  ofColumns: (rows, shown, all) => `${rows}、全${count(all)}列中${count(shown)}列`,
  ordered: (rows, { kind, label }) =>
    `${rows}、${
      {
        newest: "新しい順",
        oldest: "古い順",
        highest: `${label}の高い順`,
        lowest: `${label}の低い順`,
        most: `${label}の多い順`,
        fewest: `${label}の少ない順`,
        ascending: `${label}の昇順`,
        descending: `${label}の降順`,
      }[kind]
    }`,
  sentence: (phrase) => `${phrase}。`,
  empty: "行がありません。フィルター条件に一致するデータはありませんでした。",
  seeAll: (all) => `全${count(all)}件を見る`,
  seeMore: "Lookerで続きを見る",
  rest({ holds, rows, how, files }) {
    const what = {
      all: "全データ",
      returned: "Lookerから返された全データ",
      rows: `Lookerから返された全${rowCount(rows)}`,
    }[holds];
    const names = files.length === 0 ? "" : `（${listed(files)}）`;
    return `${what}${names}${how === "attached" ? "を添付しています" : "は下のリンクからダウンロードできます"}。`;
  },
  columnLimit(limit, of, isCertain) {
    const more = of.length === 0 ? "ほかの列" : `${of.join("と")}のほかの列`;
    return isCertain
      ? `クエリの列数の上限は${count(limit)}です。Lookerには${more}がありますが、省略されています。`
      : `クエリの列数の上限は${count(limit)}です。${more}がある可能性があります。`;
  },
  nothingShown: (columns) =>
    `表示する列がありません。Lookerの表の設定により${columns === 1 ? "唯一の列" : `全${count(columns)}列`}が非表示になっています。`,
  scrollOnPhone: (columns) => `表は全${count(columns)}列です。横にスクロールするとすべて表示されます。`,
  scrollSideways: "表の幅が広いため、横にスクロールしてご覧ください。",
  latestColumns: "最新の列を表示しています。",

  total: "合計",
  totalOfAll: "Lookerの全行の合計",
  totalIsOfAll: "合計：Lookerの全行",
  totalsAreOfAll: "合計はLookerの全行を対象としています。",
  totals: (isOfAll, values) => `${isOfAll ? "Lookerの全行の合計" : "合計"}：${values}`,
  subtotal: "小計",
  subtotalOf: (value) => `${value}（小計）`,
  subtotals: (values) => `小計：${values}`,

  marked: "強調表示",
  marks: (words, more) => `${words.join("、")}${more > 0 ? `、ほか${count(more)}件` : ""}`,
  mark: {
    within: (low, high) => `${low}以上${high}以下`,
    outside: (low, high) => `${low}未満または${high}超`,
    empty: "値なし",
    present: "値あり",
    largest: "（最大）",
  },
  markWhere: (label, words) => `${label} ${words}の場合`,

  new: "新規",
  gone: "削除",
  moved: "変更",
  changesOf: (title, kind) => `${title}：${{ new: "新規", gone: "削除", moved: "変更" }[kind]}`,
  shownOf: (shown, all) => `全${count(all)}件中${count(shown)}件を表示`,
  someOf: (shown, all) => `全${count(all)}件中${count(shown)}件`,
  nothingToCompare: "比較対象なし",
  noChanges: "変更なし",
  tally,
  changes(counts, all, since) {
    if (since === null)
      return `比較できる以前のレポートはまだありません。次回から、このセクションに変更点を表示します。現在は${rowCount(all)}です。`;
    const { added, gone, moved } = counts;
    if (added + gone + moved === 0)
      return `${since}から変更はありません。全${rowCount(all)}が前回と同じです。`;
    return `${since}からの変更：${rowCount(all)}中、${tally(counts)}。`;
  },
  changeColumns: {
    change: "変更内容",
    before: (label) => `${label}（変更前）`,
    now: (label) => `${label}（現在）`,
    difference: (label) => `${label}（差）`,
  },
  changeKinds: { changed: "変更", new: "新規", gone: "削除" },

  rowsCompared: (kept, all) => `全${count(all)}行のうち先頭${count(kept)}行のみを比較しています。`,
  columnsNotCompared: (limit) =>
    `クエリの列数の上限は${count(limit)}です。上限を超える列は比較していません。`,
  rowsNotCompared: (limit) => `クエリの行数の上限は${count(limit)}です。上限を超える行は比較していません。`,
  cutBefore:
    "前回のレポートにもすべての行は含まれていませんでした。前回は上限を超えていた行が、新規と数えられている可能性があります。",
  noKeyBefore: (labels) =>
    `前回のレポートに${labels.join("と")}がなかったため、まだ比較できるものがありません。`,
  newColumns: (labels) => `前回のレポートになかったため比較していない列：${named(labels)}。`,
  lostColumns: (labels) => `前回のレポートにあり、現在のクエリにない列：${named(labels)}。`,
};

function tally({ added, gone, moved }: ChangeCounts): string {
  return `新規${count(added)}件、削除${count(gone)}件、変更${count(moved)}件`;
}

function rowCount(rows: number): string {
  return `${count(rows)}行`;
}

function named(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).join("、");
  return labels.length > 8 ? `${shown}、ほか${count(labels.length - 8)}件` : shown;
}
