import type { PagePhrases } from "../en/pages.ts";

export const pages: PagePhrases = {
  sections: "セクション",
  theData: (rows) => `データ：${rows}`,

  size: "サイズ",
  rows: "行数",
  due: "配信予定",
  until: "有効期限",
  download: "ダウンロード",
  anyoneCanDownload: "期限までは、このリンクを知っている人は誰でもファイルをダウンロードできます。",
  openInLooker: "Lookerで開く",
  opensWithoutAccount: "Lookerのアカウントがなくても開けます。",
  anyoneCanOpen: "期限までは、このリンクを知っている人は誰でも開けます。",
  questions: (owner) => `お問い合わせ：${owner}`,

  stopTitle: "このレポートの配信を停止しますか？",
  sentTo: ["配信先：", ""],
  ifYouStop: "停止すると、このアドレスには配信されなくなります。",
  stop: "配信を停止する",
  othersStill: "ほかの受信者への配信は続きます。",
  stopped: "配信を停止しました",
  notSentTo: ["今後、", "には配信されません。すでに送信中のものは届くことがあります。"],
  getAgain: "配信を再開する",
  again: "配信を再開しました",
  sentAgainTo: ["次回から", "に配信されます。"],
  linkStops: "配信されるメッセージのリンクから、いつでも停止できます。",
};
