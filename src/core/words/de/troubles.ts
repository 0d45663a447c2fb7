import type { TroublePhrases } from "../en/troubles.ts";

export const troubles: TroublePhrases = {
  unknown: "Dieser Link funktioniert nicht",
  unknownWhy: "Er ist abgelaufen, oder ein Teil davon fehlt.",
  askForNewLink: "Wenn der Absender den Bericht noch einmal schickt, kommt er mit einem neuen Link.",

  gone: "Die Datei ist nicht hier",
  goneWhy: "Sie wurde von diesem Server gelöscht oder liegt auf einem anderen.",
  askForFile: (owner, title) =>
    `Bitte in einer Minute noch einmal versuchen. Fehlt sie dann noch, kann ${owner ?? "der Absender des Berichts"} ${title === null ? "sie" : `„${title}“`} noch einmal senden.`,

  notSetUp: "Dieser Link lässt sich nicht mehr öffnen",
  notSetUpWhy: "Das Öffnen von Berichten in Looker ist hier nicht mehr eingerichtet.",
  askSender: "Auskunft gibt der Absender des Berichts.",
  noSession: "Looker lässt sich gerade nicht öffnen",
  noAnswer: "Looker hat nicht geantwortet. Bitte in einer Minute noch einmal versuchen.",
  refused:
    "Looker hat die Sitzung abgelehnt. Der Grund steht im Protokoll des Dienstes, der die Berichte sendet.",
  reportIsWhole: "Im Bericht selbst fehlt nichts.",

  busy: "Im Moment überlastet",
  tooOften: {
    opened: {
      title: "Zu oft geöffnet",
      sentence: (times) =>
        `Dieser Link wurde innerhalb einer Stunde ${times}-mal geöffnet; öfter ist nicht erlaubt.`,
    },
    changed: {
      title: "Zu oft geändert",
      sentence: (times) => `Das wurde innerhalb einer Stunde ${times}-mal geändert; öfter ist nicht erlaubt.`,
    },
  },
  tryAgainIn: (minutes) =>
    `Bitte in ${minutes === 1 ? "einer Minute" : `${minutes} Minuten`} noch einmal versuchen.`,
};
