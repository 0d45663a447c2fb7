import type { PagePhrases } from "../en/pages.ts";

export const pages: PagePhrases = {
  sections: "Secciones",
  theData: (rows) => `Los datos: ${rows}`,

  size: "Tamaño",
  rows: "Filas",
  due: "Previsto",
  until: "Hasta",
  download: "Descargar",
  anyoneCanDownload: "Hasta entonces, cualquiera que tenga este enlace puede descargar el archivo.",
  openInLooker: "Abrir en Looker",
  opensWithoutAccount: "Se abre en Looker, sin necesidad de una cuenta.",
  anyoneCanOpen: "Hasta entonces, cualquiera que tenga este enlace puede abrirlo.",
  questions: (owner) => `Preguntas: ${owner}.`,

  stopTitle: "¿Dejar de recibir este informe?",
  sentTo: ["Se envía a ", ""],
  ifYouStop: "Si confirmas, no se enviará más a esta dirección.",
  stop: "Dejar de recibirlo",
  othersStill: "Los demás destinatarios lo siguen recibiendo.",
  stopped: "Hecho",
  notSentTo: ["El informe ya no se envía a ", ". Uno que ya esté en camino aún puede llegar."],
  getAgain: "Volver a recibirlo",
  again: "Vuelves a recibirlo",
  sentAgainTo: ["A partir del próximo, se envía a ", "."],
  linkStops: "Con el enlace de cualquiera de sus mensajes puedes dejar de recibirlo.",
};
