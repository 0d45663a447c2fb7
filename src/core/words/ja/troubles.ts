import type { TroublePhrases } from "../en/troubles.ts";

export const troubles: TroublePhrases = {
  unknown: "このリンクは使えません",
  unknownWhy: "有効期限が切れているか、リンクの一部が欠けています。",
  askForNewLink: "送信者にレポートの再送を依頼してください。新しいリンクが届きます。",

  gone: "ファイルがここにありません",
  goneWhy: "このサーバーから削除されたか、別のサーバーにあります。",
  askForFile: (owner, title) =>
    `1分後にもう一度お試しください。それでも見つからない場合は、${owner ?? "レポートの送信者"}に${title === null ? "ファイル" : `「${title}」`}の再送を依頼してください。`,

  notSetUp: "このリンクは開けなくなりました",
  notSetUpWhy: "ここからLookerでレポートを開く設定はなくなりました。",
  askSender: "レポートの送信者にお問い合わせください。",
  noSession: "現在Lookerを開けません",
  noAnswer: "Lookerから応答がありませんでした。1分後にもう一度お試しください。",
  refused: "Lookerがセッションの開始を拒否しました。理由は、レポートを送信するサービスのログにあります。",
  reportIsWhole: "レポート自体に不足はありません。",

  busy: "ただいま混み合っています",
  tooOften: {
    opened: {
      title: "開いた回数が多すぎます",
      sentence: (times) => `このリンクは1時間に${times}回開かれ、上限に達しました。`,
    },
    changed: {
      title: "変更の回数が多すぎます",
      sentence: (times) => `1時間に${times}回変更され、上限に達しました。`,
    },
  },
  tryAgainIn: (minutes) => `${minutes}分後にもう一度お試しください。`,
};
