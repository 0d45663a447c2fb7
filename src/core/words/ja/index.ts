import { charts } from "./charts.ts";
import { dates } from "./dates.ts";
import { figures } from "./figures.ts";
import { files } from "./files.ts";
import { filters } from "./filters.ts";
import { frame } from "./frame.ts";
import { numbers } from "./numbers.ts";
import { pages } from "./pages.ts";
import { tables } from "./tables.ts";
import { troubles } from "./troubles.ts";

export const JAPANESE = {
  locale: "ja" as const,
  numbers,
  dates,
  figures,
  tables,
  filters,
  frame,
  files,
  charts,
  pages,
  troubles,
};
