import type { PagePhrases } from "../en/pages.ts";

export const pages: PagePhrases = {
  sections: "Sections",
  theData: (rows) => `Les données\u00a0: ${rows}`,

  size: "Taille",
  rows: "Lignes",
  due: "Prévu",
  until: "Jusqu’au",
  download: "Télécharger",
  anyoneCanDownload: "D’ici là, toute personne disposant de ce lien peut télécharger le fichier.",
  openInLooker: "Ouvrir dans Looker",
  opensWithoutAccount: "S’ouvre dans Looker, sans compte nécessaire.",
  anyoneCanOpen: "D’ici là, toute personne disposant de ce lien peut l’ouvrir.",
  questions: (owner) => `Questions\u00a0: ${owner}.`,

  stopTitle: "Ne plus recevoir ce rapport\u202f?",
  sentTo: ["Il est envoyé à ", ""],
  ifYouStop: "Si vous confirmez, il ne sera plus envoyé à cette adresse.",
  stop: "Ne plus le recevoir",
  othersStill: "Les autres destinataires continuent de le recevoir.",
  stopped: "C’est fait",
  notSentTo: ["Le rapport n’est plus envoyé à ", ". Un envoi déjà parti peut encore arriver."],
  getAgain: "Le recevoir à nouveau",
  again: "Vous le recevez à nouveau",
  sentAgainTo: ["À partir du prochain, il est envoyé à ", "."],
  linkStops: "Le lien présent dans chacun de ses messages permet d’y mettre fin.",
};
