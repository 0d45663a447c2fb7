import type { FilePhrases } from "../en/files.ts";
import { numbers } from "./numbers.ts";
import { tables } from "./tables.ts";

const { count } = numbers;

const ELSEWHERE = {
  download: "Descárgalo con el enlace de este mensaje.",
  message: "Lo que muestra está en este mensaje, según el espacio, y en Looker.",
  looker: "Ábrelo en Looker.",
};

export const files: FilePhrases = {
  attached: "Adjuntos",
  toDownload: "Para descargar",
  details: (rows, size) => (rows === null ? size : `${tables.rowCount(rows)}, ${size}`),
  named: (name, rows, size) => `${name} (${rows === null ? size : `${size}, ${tables.rowCount(rows)}`})`,
  facts: (facts) => facts.join(", "),
  list: (names) => `Archivos: ${names.join(", ")}`,
  file: (name) => `Archivo: ${name}`,
  download: (name) => `Descargar ${name}`,
  noName: "archivo",

  tooLarge: (file, limit) => `${file} es demasiado grande para adjuntarlo (límite ${limit})`,
  tooLargeTogether: (file, limit, withPictures) =>
    `${file} es demasiado grande para adjuntarlo junto con ${withPictures ? "los demás archivos y las imágenes" : "los demás archivos"} (límite ${limit} en total)`,
  split: (tooLarge, parts) => `${tooLarge}: llega en ${parts} archivos, uno por sección.`,
  leftOut: (tooLarge, elsewhere) => `${tooLarge}. ${ELSEWHERE[elsewhere]}`,
  compressed: (name, limit) => `${name} está comprimido para no superar ${limit}: descomprímelo para leerlo.`,
  allCompressed: (number, limit) =>
    `${count(number)} archivos están comprimidos para no superar ${limit}: descomprímelos para leerlos.`,
  picturesTooLarge: (limit, withFiles) =>
    `las imágenes son demasiado grandes${withFiles ? " junto con los archivos" : ""} (límite ${limit} en total)`,
  sparklineLeftOut: (title, why) => `Falta la línea de evolución de «${title}»: ${why}.`,
  pictureLeftOut: (title, why, hasTable) =>
    `Falta la imagen de «${title}»: ${why}.${hasTable ? " En su lugar se muestra la tabla." : ""}`,

  contents: "Contenido",
  notes: "Notas",
  sheet: "Hoja",
  whatItShows: "Qué muestra",
  rows: "Filas",
  filters: "Filtros",
  readInLooker: "Leído en Looker",
  noFilters: "ninguno",
  about: (title, note) => `${title}: ${note}`,
  continuesOn: (sheets) => `es mayor que una hoja de Excel y continúa en ${sheets.join(", ")}.`,
  mayHaveMore: (rows) => `el límite de la consulta es de ${tables.rowCount(rows)}: puede haber más.`,
  cellsCut: (cells, charsMax) =>
    `${cellCount(cells)} de más de ${count(charsMax)} caracteres, el máximo de Excel: texto cortado. Un archivo CSV lo contiene todo.`,
  cellsLong: (cells) =>
    `${cellCount(cells)} con un número de más de 15 cifras, el máximo de Excel: escrito como texto.`,
  cellsReplaced: (cells) =>
    `${cellCount(cells)} con caracteres que un libro no puede contener, sustituidos por \ufffd.`,
};

function cellCount(cells: number): string {
  return cells === 1 ? "1 celda" : `${count(cells)} celdas`;
}
