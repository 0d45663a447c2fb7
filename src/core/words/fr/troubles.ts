import type { TroublePhrases } from "../en/troubles.ts";

export const troubles: TroublePhrases = {
  unknown: "Ce lien ne fonctionne pas",
  unknownWhy: "Il a expiré, ou il est incomplet.",
  askForNewLink:
    "Demandez à l’expéditeur du rapport de l’envoyer à nouveau\u00a0: il arrivera avec un nouveau lien.",

  gone: "Le fichier n’est pas ici",
  goneWhy: "Il a été supprimé de ce serveur, ou il se trouve sur un autre.",
  askForFile: (owner, title) =>
    `Réessayez dans une minute. S’il n’est toujours pas là, demandez à ${owner ?? "l’expéditeur du rapport"} d’envoyer à nouveau ${title === null ? "ce fichier" : `«\u00a0${title}\u00a0»`}.`,

  notSetUp: "Ce lien ne peut plus être ouvert",
  notSetUpWhy: "L’ouverture des rapports dans Looker n’est plus configurée ici.",
  askSender: "Adressez-vous à l’expéditeur du rapport.",
  noSession: "Impossible d’ouvrir Looker pour le moment",
  noAnswer: "Looker n’a pas répondu. Réessayez dans une minute.",
  refused:
    "Looker a refusé d’ouvrir une session. La raison figure dans le journal du service qui envoie les rapports.",
  reportIsWhole: "Il ne manque rien au rapport lui-même.",

  busy: "Trop de demandes pour le moment",
  tooOften: {
    opened: {
      title: "Ouvert trop souvent",
      sentence: (times) => `Ce lien a été ouvert ${times} fois en une heure, ce qui est le maximum.`,
    },
    changed: {
      title: "Modifié trop souvent",
      sentence: (times) => `Ce choix a été modifié ${times} fois en une heure, ce qui est le maximum.`,
    },
  },
  tryAgainIn: (minutes) => `Réessayez dans ${minutes === 1 ? "une minute" : `${minutes} minutes`}.`,
};
