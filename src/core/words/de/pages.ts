import type { PagePhrases } from "../en/pages.ts";

export const pages: PagePhrases = {
  sections: "Abschnitte",
  theData: (rows) => `Die Daten: ${rows}`,

  size: "Größe",
  rows: "Zeilen",
  due: "Fällig",
  until: "Bis",
  download: "Herunterladen",
  anyoneCanDownload: "Bis dahin kann jeder mit diesem Link die Datei herunterladen.",
  openInLooker: "In Looker öffnen",
  opensWithoutAccount: "Öffnet sich in Looker, ohne Konto dort.",
  anyoneCanOpen: "Bis dahin kann jeder mit diesem Link den Bericht öffnen.",
  questions: (owner) => `Fragen: ${owner}.`,

  stopTitle: "Bericht abbestellen?",
  sentTo: ["Er geht an ", ""],
  ifYouStop: "Danach wird er nicht mehr an diese Adresse gesendet.",
  stop: "Abbestellen",
  othersStill: "Alle anderen bekommen ihn weiterhin.",
  stopped: "Abbestellt",
  notSentTo: ["Der Bericht geht nicht mehr an ", ". Einer, der schon unterwegs ist, kann noch ankommen."],
  getAgain: "Wieder bestellen",
  again: "Wieder bestellt",
  sentAgainTo: ["Ab dem nächsten Mal geht der Bericht an ", "."],
  linkStops: "Über den Link in jeder Nachricht lässt er sich abbestellen.",
};
