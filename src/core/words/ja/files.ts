import type { FilePhrases } from "../en/files.ts";
import { numbers } from "./numbers.ts";
import { tables } from "./tables.ts";

const { count } = numbers;

const ELSEWHERE = {
  download: "このメッセージのリンクからダウンロードしてください。",
  message: "内容は、収まる範囲でこのメッセージに、またLookerに表示されています。",
  looker: "Lookerで開いてください。",
};

export const files: FilePhrases = {
  attached: "添付ファイル",
  toDownload: "ダウンロード",
  details: (rows, size) => (rows === null ? size : `${tables.rowCount(rows)}、${size}`),
  named: (name, rows, size) => `${name}（${rows === null ? size : `${size}、${tables.rowCount(rows)}`}）`,
  facts: (facts) => facts.join("、"),
  list: (names) => `ファイル：${names.join("、")}`,
  file: (name) => `ファイル：${name}`,
  download: (name) => `${name}をダウンロード`,
  noName: "ファイル",

  tooLarge: (file, limit) => `${file}はサイズが大きいため添付できません（上限${limit}）`,
  tooLargeTogether: (file, limit, withPictures) =>
    `${file}は${withPictures ? "ほかのファイルや画像" : "ほかのファイル"}と合わせるとサイズが大きいため添付できません（合計の上限${limit}）`,
  split: (tooLarge, parts) => `${tooLarge}。セクションごとに${count(parts)}個のファイルに分けています。`,
  leftOut: (tooLarge, elsewhere) => `${tooLarge}。${ELSEWHERE[elsewhere]}`,
  compressed: (name, limit) => `${name}は${limit}以内に収めるため圧縮しています。展開してからご覧ください。`,
  allCompressed: (number, limit) =>
    `${count(number)}件のファイルは${limit}以内に収めるため圧縮しています。展開してからご覧ください。`,
  picturesTooLarge: (limit, withFiles) =>
    `${withFiles ? "ファイルと合わせた" : ""}画像のサイズが大きいため（合計の上限${limit}）`,
  sparklineLeftOut: (title, why) => `「${title}」の折れ線は省略しました：${why}。`,
  pictureLeftOut: (title, why, hasTable) =>
    `「${title}」の画像は省略しました：${why}。${hasTable ? "代わりに表を表示しています。" : ""}`,

  contents: "目次",
  notes: "注記",
  sheet: "シート",
  whatItShows: "内容",
  rows: "行数",
  filters: "フィルター",
  readInLooker: "Lookerでの取得",
  noFilters: "なし",
  about: (title, note) => `${title}：${note}`,
  continuesOn: (sheets) => `Excelのシートの上限を超えるため、${sheets.join("、")}に続きます。`,
  mayHaveMore: (rows) =>
    `クエリの上限は${tables.rowCount(rows)}のため、これ以外にも行がある可能性があります。`,
  cellsCut: (cells, charsMax) =>
    `Excelの上限である${count(charsMax)}文字を超える${cellCount(cells)}は、途中で切れています。CSVファイルにはすべて含まれます。`,
  cellsLong: (cells) =>
    `Excelの上限である15桁を超える数値の${cellCount(cells)}は、文字列として書き込んでいます。`,
  cellsReplaced: (cells) =>
    `ブックに使用できない文字を含む${cellCount(cells)}では、その文字を\ufffdに置き換えています。`,
};

function cellCount(cells: number): string {
  return `${count(cells)}個のセル`;
}
