import type { TroublePhrases } from "../en/troubles.ts";

export const troubles: TroublePhrases = {
  unknown: "Este enlace no funciona",
  unknownWhy: "Ha caducado o le falta una parte.",
  askForNewLink: "Pide a quien envía el informe que lo envíe de nuevo: llegará con un enlace nuevo.",

  gone: "El archivo no está aquí",
  goneWhy: "Se ha borrado de este servidor o está en otro.",
  askForFile: (owner, title) =>
    `Inténtalo de nuevo dentro de un minuto. Si sigue sin estar, pide a ${owner ?? "quien envía el informe"} que envíe ${title === null ? "el archivo" : `«${title}»`} de nuevo.`,

  notSetUp: "Este enlace ya no se puede abrir",
  notSetUpWhy: "Aquí ya no está configurado abrir informes en Looker.",
  askSender: "Pregunta a quien envía el informe.",
  noSession: "Ahora no se puede abrir Looker",
  noAnswer: "Looker no ha respondido. Inténtalo de nuevo dentro de un minuto.",
  refused:
    "Looker ha rechazado la sesión. El motivo está en el registro del servicio que envía los informes.",
  reportIsWhole: "Al informe en sí no le falta nada.",

  busy: "Demasiadas solicitudes en este momento",
  tooOften: {
    opened: {
      title: "Abierto demasiadas veces",
      sentence: (times) => `Este enlace se ha abierto ${times} veces en una hora, que es el máximo.`,
    },
    changed: {
      title: "Cambiado demasiadas veces",
      sentence: (times) => `Esto se ha cambiado ${times} veces en una hora, que es el máximo.`,
    },
  },
  tryAgainIn: (minutes) =>
    `Inténtalo de nuevo dentro de ${minutes === 1 ? "un minuto" : `${minutes} minutos`}.`,
};
