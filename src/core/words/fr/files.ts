import type { FilePhrases } from "../en/files.ts";
import { numbers } from "./numbers.ts";
import { tables } from "./tables.ts";

const { count } = numbers;

const ELSEWHERE = {
  download: "Téléchargez-le avec le lien de ce message.",
  message: "Ce qu’il montre figure dans ce message, selon la place, et dans Looker.",
  looker: "Ouvrez-le dans Looker.",
};

export const files: FilePhrases = {
  attached: "Pièces jointes",
  toDownload: "À télécharger",
  details: (rows, size) => (rows === null ? size : `${tables.rowCount(rows)}, ${size}`),
  named: (name, rows, size) => `${name} (${rows === null ? size : `${size}, ${tables.rowCount(rows)}`})`,
  facts: (facts) => facts.join(", "),
  list: (names) => `Fichiers\u00a0: ${names.join(", ")}`,
  file: (name) => `Fichier\u00a0: ${name}`,
  download: (name) => `Télécharger ${name}`,
  noName: "fichier",

  tooLarge: (file, limit) => `${file} est trop volumineux pour être joint (limite ${limit})`,
  tooLargeTogether: (file, limit, withPictures) =>
    `${file} est trop volumineux pour être joint avec ${withPictures ? "les autres fichiers et les images" : "les autres fichiers"} (limite ${limit} au total)`,
  split: (tooLarge, parts) => `${tooLarge}\u00a0: il arrive en ${parts} fichiers, un par section.`,
  leftOut: (tooLarge, elsewhere) => `${tooLarge}. ${ELSEWHERE[elsewhere]}`,
  compressed: (name, limit) =>
    `${name} est compressé pour rester sous ${limit}\u00a0: décompressez-le pour le lire.`,
  allCompressed: (number, limit) =>
    `${count(number)} fichiers sont compressés pour rester sous ${limit}\u00a0: décompressez-les pour les lire.`,
  picturesTooLarge: (limit, withFiles) =>
    `les images sont trop volumineuses${withFiles ? " avec les fichiers" : ""} (limite ${limit} au total)`,
  sparklineLeftOut: (title, why) => `La courbe de «\u00a0${title}\u00a0» est omise\u00a0: ${why}.`,
  pictureLeftOut: (title, why, hasTable) =>
    `L’image de «\u00a0${title}\u00a0» est omise\u00a0: ${why}.${hasTable ? " Son tableau la remplace." : ""}`,

  contents: "Sommaire",
  notes: "Remarques",
  sheet: "Feuille",
  whatItShows: "Contenu",
  rows: "Lignes",
  filters: "Filtres",
  readInLooker: "Lu dans Looker",
  noFilters: "aucun",
  about: (title, note) => `${title}\u00a0: ${note}`,
  continuesOn: (sheets) =>
    `plus grand qu’une feuille Excel ne peut l’être\u202f; la suite est sur ${sheets.join(", ")}.`,
  mayHaveMore: (rows) =>
    `la limite de la requête est de ${tables.rowCount(rows)}\u00a0: il peut y en avoir davantage.`,
  cellsCut: (cells, charsMax) =>
    `${cellCount(cells)} de plus de ${count(charsMax)} caractères, le maximum d’Excel\u00a0: texte coupé. Un fichier CSV contient tout.`,
  cellsLong: (cells) =>
    `${cellCount(cells)} avec un nombre de plus de 15 chiffres, le maximum d’Excel\u00a0: écrit comme du texte.`,
  cellsReplaced: (cells) =>
    `${cellCount(cells)} avec des caractères qu’un classeur ne peut contenir, remplacés par \ufffd.`,
};

function cellCount(cells: number): string {
  return cells < 2 ? `${cells} cellule` : `${count(cells)} cellules`;
}
