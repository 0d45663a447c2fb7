import type { ScheduleShape } from "../../rules/schedule-shape.ts";
import type { FramePhrases, ListedThing } from "../en/frame.ts";
import { numbers } from "./numbers.ts";

const { count, listed } = numbers;

/** After a number. */
const THINGS: Readonly<Record<ListedThing, string>> = {
  file: "件のファイル",
  section: "件のセクション",
  notice: "件のお知らせ",
  row: "行",
  value: "件の値",
  filter: "件のフィルター",
  line: "本の線",
  group: "件のグループ",
  part: "件の項目",
};

export const frame: FramePhrases = {
  openInLooker: "Lookerで開く",
  questions: "お問い合わせ",
  untitled: "無題",
  report: "レポート",
  titled: (title, words) => `${title}：${words}`,
  more,
  andMore: more,
  andMoreToDownload: (files) => `ダウンロードできるファイルがほか${count(files)}件`,
  andOthers: (number) => `ほか${count(number)}件`,
  moreNotices: (number) => `${more(number, "notice")}があります。`,
  note: (sentence) => `注：${sentence}`,
  picture: (alt) => `［画像：${alt}］`,

  due: (moment) => `配信予定：${moment}`,
  noticed: (moment) => `検知：${moment}`,
  ran: (moment) => `Looker実行：${moment}`,
  ranFromCache: (moment) => `Lookerのキャッシュ（実行：${moment}）`,
  ranBetween: (from, to) => `Looker実行：${from}～${to}`,
  ofSection: (title, words) => `${title}：${words}`,
  moreFromCache: (number) => `Lookerのキャッシュからほか${count(number)}件`,
  nothingNewer: (ran) => `${ran}。これより新しいデータはありませんでした。`,

  whyYouGetIt: (every, recipient) =>
    `このメールは${[every === null ? "" : `${every}に`, recipient === null ? "" : `${recipient}宛てに`].filter((part) => part !== "").join("、")}配信されています。`,
  every: (shape, zone) => `${whenWords(shape)}${listed(shape.times)} ${zone}`,
  stop: "配信停止",
  ask: "数値について質問する",
  askNotice: "質問する",
  askSubject: (title) => `${title}に関する質問`,
  unsubscribeSubject: (report) => `配信停止：${report}`,
  reportNamed: (report) => `レポート：${report}`,
  run: (id) => `実行ID：${id}`,
  sentBy: (name) => `送信元：${name}`,
  madeBy: (name) => `作成元：${name}`,

  textCut: "文章が長いため、ここで省略しています。",
  noRoomForText: "スペースの都合により、文章を表示していません。",
  sectionShortened: "スペースの都合により、このセクションの一部のみを表示しています。",
  figuresShortened: "スペースの都合により、数値の一部のみを表示しています。",
  noRoomFor,
  noRoomAndAdvice: (sections) =>
    `${noRoomFor(sections)}Lookerでレポートの内容を開くか、レポートを2つに分けてください。`,
  tooMuch: "1通に収まらないため、次の内容は表示していません：",
  andMoreThatDoesNotFit: "… 以降はスペースの都合により省略しています。",
  pictureName: "画像",
  chart: "グラフ",
  value: "値",
  results: "結果",
};

/** "ほか12件のファイル", "ほか12行" */
function more(number: number, thing: ListedThing): string {
  return `ほか${count(number)}${THINGS[thing]}`;
}

function noRoomFor(sections: number): string {
  return `${more(sections, "section")}はこのメッセージに収まりません。`;
}

const DAYS = [..."日月火水木金土"].map((day) => `${day}曜日`);

function whenWords(shape: ScheduleShape): string {
  switch (shape.kind) {
    case "daily":
      return "毎日";
    case "weekdays":
      return "月曜日から金曜日の";
    case "weekly":
      return `毎週${listed(shape.days.map((day) => DAYS[day] ?? ""))}の`;
    case "monthly":
      return shape.days[0] === "last" ? "毎月末日の" : `毎月${listed(shape.days.map((day) => `${day}日`))}の`;
  }
}
