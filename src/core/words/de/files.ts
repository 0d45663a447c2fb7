import type { FilePhrases } from "../en/files.ts";
import { numbers } from "./numbers.ts";
import { tables } from "./tables.ts";

const { count } = numbers;

const ELSEWHERE = {
  download: "Sie lässt sich über den Link in dieser Nachricht herunterladen.",
  message: "Was sie zeigt, steht in dieser Nachricht, soweit Platz ist, und in Looker.",
  looker: "Den Inhalt zeigt Looker.",
};

export const files: FilePhrases = {
  attached: "Angehängt",
  toDownload: "Zum Herunterladen",
  details: (rows, size) => (rows === null ? size : `${tables.rowCount(rows)}, ${size}`),
  named: (name, rows, size) => `${name} (${rows === null ? size : `${size}, ${tables.rowCount(rows)}`})`,
  facts: (facts) => facts.join(", "),
  list: (names) => `Dateien: ${names.join(", ")}`,
  file: (name) => `Datei: ${name}`,
  download: (name) => `${name} herunterladen`,
  noName: "Datei",

  tooLarge: (file, limit) => `${file} ist zu groß für einen Anhang (Grenze ${limit})`,
  tooLargeTogether: (file, limit, withPictures) =>
    `${file} ist zusammen mit ${withPictures ? "den anderen Dateien und den Bildern" : "den anderen Dateien"} zu groß für den Anhang (Grenze ${limit} insgesamt)`,
  split: (tooLarge, parts) => `${tooLarge}: Sie kommt als ${parts} Dateien, eine je Abschnitt.`,
  leftOut: (tooLarge, elsewhere) => `${tooLarge}. ${ELSEWHERE[elsewhere]}`,
  compressed: (name, limit) =>
    `${name} ist komprimiert, um unter ${limit} zu bleiben: vor dem Lesen entpacken.`,
  allCompressed: (number, limit) =>
    `${count(number)} Dateien sind komprimiert, um unter ${limit} zu bleiben: vor dem Lesen entpacken.`,
  picturesTooLarge: (limit, withFiles) =>
    `die Bilder sind${withFiles ? " zusammen mit den Dateien" : ""} zu groß (Grenze ${limit} insgesamt)`,
  sparklineLeftOut: (title, why) => `Die Verlaufslinie von „${title}“ fehlt: ${why}.`,
  pictureLeftOut: (title, why, hasTable) =>
    `Das Bild von „${title}“ fehlt: ${why}.${hasTable ? " Stattdessen ist die Tabelle zu sehen." : ""}`,

  contents: "Inhalt",
  notes: "Hinweise",
  sheet: "Blatt",
  whatItShows: "Was es zeigt",
  rows: "Zeilen",
  filters: "Filter",
  readInLooker: "Aus Looker gelesen",
  noFilters: "keine",
  about: (title, note) => `${title}: ${note}`,
  continuesOn: (sheets) => `größer als ein Excel-Blatt sein darf; es geht weiter auf ${sheets.join(", ")}.`,
  mayHaveMore: (rows) => `Das Limit der Abfrage ist ${tables.rowCount(rows)}, es kann also mehr geben.`,
  cellsCut: (cells, charsMax) =>
    `${cellCount(cells)} mit mehr als ${count(charsMax)} Zeichen, dem Höchstmaß von Excel, gekürzt. Eine CSV-Datei enthält alles.`,
  cellsLong: (cells) =>
    `${cellCount(cells)} mit einer Zahl von mehr als 15 Stellen, dem Höchstmaß von Excel, als Text geschrieben.`,
  cellsReplaced: (cells) =>
    `${cellCount(cells)} mit Zeichen, die eine Arbeitsmappe nicht aufnehmen kann; sie sind durch \ufffd ersetzt.`,
};

function cellCount(cells: number): string {
  return cells === 1 ? "1 Zelle" : `${count(cells)} Zellen`;
}
