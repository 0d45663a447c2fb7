import type { ScheduleShape } from "../../rules/schedule-shape.ts";
import type { FramePhrases, ListedThing } from "../en/frame.ts";
import { numbers } from "./numbers.ts";

const { count, listed } = numbers;

const THINGS: Readonly<Record<ListedThing, string>> = {
  file: "fichier",
  section: "section",
  notice: "remarque",
  row: "ligne",
  value: "valeur",
  filter: "filtre",
  line: "courbe",
  group: "groupe",
  part: "part",
};

export const frame: FramePhrases = {
  openInLooker: "Ouvrir dans Looker",
  questions: "Une question\u202f?",
  untitled: "Sans titre",
  report: "Rapport",
  titled: (title, words) => `${title}\u00a0: ${words}`,
  more,
  andMore: (number, thing) => `et ${more(number, thing)}`,
  andMoreToDownload: (files) => `et ${more(files, "file")} à télécharger`,
  andOthers: (number) => `et ${count(number)} de plus`,
  moreNotices: (number) => `Et ${more(number, "notice")}.`,
  note: (sentence) => `Remarque\u00a0: ${sentence}`,
  picture: (alt) => `[Image\u00a0: ${alt}]`,

  due: (moment) => `Prévu ${moment}`,
  noticed: (moment) => `Constaté ${moment}`,
  ran: (moment) => `Exécuté par Looker ${moment}`,
  ranFromCache: (moment) => `Issu du cache de Looker, exécuté ${moment}`,
  ranBetween: (from, to) => `Exécuté par Looker entre ${from} et ${to}`,
  ofSection: (title, words) => `${title}\u00a0: ${words.charAt(0).toLowerCase()}${words.slice(1)}`,
  moreFromCache: (number) => `${count(number)} de plus issus du cache de Looker`,
  nothingNewer: (ran) => `${ran}\u00a0: il n’y avait rien de plus récent.`,

  whyYouGetIt: (every, recipient) =>
    `Vous recevez cet e-mail${every === null ? "" : ` ${every}`}${recipient === null ? "" : ` à l’adresse ${recipient}`}.`,
  every: (shape, zone) => `${whenWords(shape)} à ${listed(shape.times)} ${zone}`,
  stop: "Ne plus recevoir cet e-mail",
  ask: "Poser une question sur un chiffre",
  askNotice: "Poser une question",
  askSubject: (title) => `Question sur ${title}`,
  unsubscribeSubject: (report) => `Désabonnement\u00a0: ${report}`,
  reportNamed: (report) => `Rapport ${report}`,
  run: (id) => `exécution ${id}`,
  sentBy: (name) => `envoyé par ${name}`,
  madeBy: (name) => `créé par ${name}`,

  textCut: "Le texte continue\u202f; il est coupé ici.",
  noRoomForText: "La place manque ici pour ce texte.",
  sectionShortened: "Cette section est abrégée\u00a0: la place manque ici pour tout afficher.",
  figuresShortened: "Ces chiffres sont abrégés\u00a0: la place manque ici pour tous les afficher.",
  noRoomFor,
  noRoomAndAdvice: (sections) =>
    `${noRoomFor(sections)} Ouvrez le contenu du rapport dans Looker, ou scindez le rapport en deux.`,
  tooMuch: "Trop pour un seul message, donc non affiché ici\u00a0:",
  andMoreThatDoesNotFit: "… la suite ne tient pas ici.",
  pictureName: "Image",
  chart: "Graphique",
  value: "Valeur",
  results: "Résultats",
};

/** "1 fichier de plus", "2 fichiers de plus" */
function more(number: number, thing: ListedThing): string {
  return `${count(number)} ${THINGS[thing]}${number > 1 ? "s" : ""} de plus`;
}

function noRoomFor(sections: number): string {
  return sections > 1
    ? `${count(sections)} autres sections ne tiennent pas dans ce message.`
    : "1 autre section ne tient pas dans ce message.";
}

const DAYS = "dimanche lundi mardi mercredi jeudi vendredi samedi".split(" ");

function whenWords(shape: ScheduleShape): string {
  switch (shape.kind) {
    case "daily":
      return "chaque jour";
    case "weekdays":
      return "du lundi au vendredi";
    case "weekly":
      return `chaque ${listed(shape.days.map((day) => DAYS[day] ?? ""))}`;
    case "monthly":
      return shape.days[0] === "last"
        ? "le dernier jour de chaque mois"
        : `le ${listed(shape.days.map((day) => (day === 1 ? "1er" : String(day))))} de chaque mois`;
  }
}
