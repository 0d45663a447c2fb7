import type { ScheduleShape } from "../../rules/schedule-shape.ts";
import type { FramePhrases, ListedThing } from "../en/frame.ts";
import { numbers } from "./numbers.ts";

const { count, listed } = numbers;

const THINGS: Readonly<Record<ListedThing, readonly [one: string, many: string]>> = {
  file: ["archivo", "archivos"],
  section: ["sección", "secciones"],
  notice: ["aviso", "avisos"],
  row: ["fila", "filas"],
  value: ["valor", "valores"],
  filter: ["filtro", "filtros"],
  line: ["línea", "líneas"],
  group: ["grupo", "grupos"],
  part: ["parte", "partes"],
};

export const frame: FramePhrases = {
  openInLooker: "Abrir en Looker",
  questions: "¿Preguntas?",
  untitled: "Sin título",
  report: "Informe",
  titled: (title, words) => `${title}: ${words}`,
  more,
  andMore: (number, thing) => `y ${more(number, thing)}`,
  andMoreToDownload: (files) => `y ${more(files, "file")} para descargar`,
  andOthers: (number) => `y ${count(number)} más`,
  moreNotices: (number) => `Y ${more(number, "notice")}.`,
  note: (sentence) => `Nota: ${sentence}`,
  picture: (alt) => `[Imagen: ${alt}]`,

  due: (moment) => `Previsto: ${moment}`,
  noticed: (moment) => `Detectado: ${moment}`,
  ran: (moment) => `Consultado en Looker ${moment}`,
  ranFromCache: (moment) => `De la caché de Looker, consultado ${moment}`,
  ranBetween: (from, to) => `Consultado en Looker entre ${from} y ${to}`,
  ofSection: (title, words) => `${title}: ${words.charAt(0).toLowerCase()}${words.slice(1)}`,
  moreFromCache: (number) => `${count(number)} más de la caché de Looker`,
  nothingNewer: (ran) => `${ran}: no había nada más reciente.`,

  whyYouGetIt: (every, recipient) =>
    `Recibes este correo${every === null ? "" : ` ${every}`}${recipient === null ? "" : ` en ${recipient}`}.`,
  every: (shape, zone) => `${whenWords(shape)} a las ${listed(shape.times)} ${zone}`,
  stop: "Dejar de recibirlo",
  ask: "Preguntar por una cifra",
  askNotice: "Preguntar",
  askSubject: (title) => `Pregunta sobre ${title}`,
  unsubscribeSubject: (report) => `Baja: ${report}`,
  reportNamed: (report) => `Informe ${report}`,
  run: (id) => `ejecución ${id}`,
  sentBy: (name) => `enviado por ${name}`,
  madeBy: (name) => `creado por ${name}`,

  textCut: "El texto continúa; aquí está cortado.",
  noRoomForText: "No hay espacio aquí para este texto.",
  sectionShortened: "Esta sección está abreviada: no hay espacio aquí para mostrarla entera.",
  figuresShortened: "Estas cifras están abreviadas: no hay espacio aquí para mostrarlas todas.",
  noRoomFor,
  noRoomAndAdvice: (sections) =>
    `${noRoomFor(sections)} Abre el contenido del informe en Looker o divide el informe en dos.`,
  tooMuch: "Demasiado para un solo mensaje, así que no se muestra aquí:",
  andMoreThatDoesNotFit: "… y más, que no cabe aquí.",
  pictureName: "Imagen",
  chart: "Gráfico",
  value: "Valor",
  results: "Resultados",
};

function more(number: number, thing: ListedThing): string {
  return `${count(number)} ${THINGS[thing][number === 1 ? 0 : 1]} más`;
}

function noRoomFor(sections: number): string {
  return `${more(sections, "section")} no ${sections === 1 ? "cabe" : "caben"} en este mensaje.`;
}

const DAYS = "domingo lunes martes miércoles jueves viernes sábado".split(" ");

function whenWords(shape: ScheduleShape): string {
  switch (shape.kind) {
    case "daily":
      return "cada día";
    case "weekdays":
      return "de lunes a viernes";
    case "weekly":
      return `cada ${listed(shape.days.map((day) => DAYS[day] ?? ""))}`;
    case "monthly":
      return shape.days[0] === "last"
        ? "el último día de cada mes"
        : `${shape.days.length === 1 ? "el día" : "los días"} ${listed(shape.days.map(String))} de cada mes`;
  }
}
