import type { ScheduleShape } from "../../rules/schedule-shape.ts";
import type { FramePhrases, ListedThing } from "../en/frame.ts";
import { numbers } from "./numbers.ts";

const { count, listed } = numbers;

/** Singular and plural after a number: "1 weitere Datei", "2 weitere Dateien". */
const THINGS: Readonly<Record<ListedThing, readonly [one: string, many: string]>> = {
  file: ["weitere Datei", "weitere Dateien"],
  section: ["weiterer Abschnitt", "weitere Abschnitte"],
  notice: ["weiterer Hinweis", "weitere Hinweise"],
  row: ["weitere Zeile", "weitere Zeilen"],
  value: ["weiterer Wert", "weitere Werte"],
  filter: ["weiterer Filter", "weitere Filter"],
  line: ["weitere Linie", "weitere Linien"],
  group: ["weitere Gruppe", "weitere Gruppen"],
  part: ["weiterer Teil", "weitere Teile"],
};

export const frame: FramePhrases = {
  openInLooker: "In Looker öffnen",
  questions: "Fragen?",
  untitled: "Ohne Titel",
  report: "Bericht",
  titled: (title, words) => `${title}: ${words}`,
  more,
  andMore: (number, thing) => `und ${more(number, thing)}`,
  andMoreToDownload: (files) => `und ${more(files, "file")} zum Herunterladen`,
  andOthers: (number) => `und ${count(number)} weitere`,
  moreNotices: (number) => `Und ${more(number, "notice")}.`,
  note: (sentence) => `Hinweis: ${sentence}`,
  picture: (alt) => `[Bild: ${alt}]`,

  due: (moment) => `Fällig ${moment}`,
  noticed: (moment) => `Bemerkt ${moment}`,
  ran: (moment) => `Abgefragt in Looker ${moment}`,
  ranFromCache: (moment) => `Aus dem Cache von Looker, abgefragt ${moment}`,
  ranBetween: (from, to) => `Abgefragt in Looker zwischen ${from} und ${to}`,
  ofSection: (title, words) => `${title}: ${words.charAt(0).toLowerCase()}${words.slice(1)}`,
  moreFromCache: (number) => `${count(number)} weitere aus dem Cache von Looker`,
  nothingNewer: (ran) => `${ran}: Neuere Daten gab es nicht.`,

  whyYouGetIt: (every, recipient) =>
    `Diese E-Mail kommt${every === null ? "" : ` ${every}`}${recipient === null ? "" : ` an ${recipient}`}.`,
  every: (shape, zone) => `${whenWords(shape)} um ${listed(shape.times)} ${zone}`,
  stop: "Abbestellen",
  ask: "Frage zu einer Zahl stellen",
  askNotice: "Nachfragen",
  askSubject: (title) => `Frage zu ${title}`,
  unsubscribeSubject: (report) => `Abbestellen: ${report}`,
  reportNamed: (report) => `Bericht ${report}`,
  run: (id) => `Lauf ${id}`,
  sentBy: (name) => `gesendet von ${name}`,
  madeBy: (name) => `erstellt von ${name}`,

  textCut: "Der Text geht weiter; hier ist er gekürzt.",
  noRoomForText: "Für diesen Text ist hier kein Platz.",
  sectionShortened: "Dieser Abschnitt ist gekürzt: Für alles ist hier kein Platz.",
  figuresShortened: "Diese Kennzahlen sind gekürzt: Für alle ist hier kein Platz.",
  noRoomFor,
  noRoomAndAdvice: (sections) =>
    `${noRoomFor(sections)} Den ganzen Inhalt zeigt Looker; auch zwei kleinere Berichte helfen.`,
  tooMuch: "Zu viel für eine Nachricht, daher hier nicht gezeigt:",
  andMoreThatDoesNotFit: "… und mehr, wofür hier kein Platz ist.",
  pictureName: "Bild",
  chart: "Diagramm",
  value: "Wert",
  results: "Ergebnisse",
};

function more(number: number, thing: ListedThing): string {
  return `${count(number)} ${THINGS[thing][number === 1 ? 0 : 1]}`;
}

function noRoomFor(sections: number): string {
  return `${more(sections, "section")} ${sections === 1 ? "passt" : "passen"} nicht in diese Nachricht.`;
}

const DAYS = "Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag".split(" ");

function whenWords(shape: ScheduleShape): string {
  switch (shape.kind) {
    case "daily":
      return "täglich";
    case "weekdays":
      return "montags bis freitags";
    case "weekly":
      return `jeden ${listed(shape.days.map((day) => DAYS[day] ?? ""))}`;
    case "monthly":
      return shape.days[0] === "last"
        ? "am letzten Tag jedes Monats"
        : `am ${listed(shape.days.map((day) => `${day}.`))} jedes Monats`;
  }
}
