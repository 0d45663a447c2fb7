import { later } from "../../core/later.ts";
import type { Artifact } from "../../core/model/artifact.ts";
import type { MessageSection } from "../../core/model/message.ts";
import type { Emphasis } from "../../core/model/show.ts";
import type { Format, FormatInput } from "../../core/ports/adapter.ts";
import { phrasesIn } from "../../core/words/phrases.ts";
import { distinctFilename, filename } from "../filename.ts";
import { needsParts } from "../fit/artifacts.ts";
import { writeZip } from "../zip/writer.ts";
import type { XlsxOptions } from "./schema.ts";
import type { WorkbookSection } from "./twins.ts";

const workbook = later(() => import("./workbook.ts"));

const XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

type Section = WorkbookSection & { readonly index: number };

/**
 * One Excel workbook (ECMA-376) with a sheet for each query that has rows; if it may not fit, also a workbook
 * for each section.
 *
 * Written here and not by hucre, the library that reads it back in the tests: its streaming writer makes one sheet without
 * filter, links or a heading of its own style, and its other writer holds every cell in memory.
 */
export const xlsxFormat: Format<XlsxOptions> = {
  kind: "xlsx",
  per: "all",
  reads: () => "raw",
  isWhole: () => false,
  async render(input, options) {
    const sections = input.sections.flatMap(({ index, title, result, filters }) => {
      const emphasis = emphasisIn(input.message.sections[index]);
      return result === null ? [] : [{ index, title, result, filters, emphasis }];
    });
    if (sections.length === 0) return null;
    const whole = await write(sections, input, options, filename(options.filename ?? input.stem, "xlsx"), "");
    if (!needsParts(whole.file.bytes, sections.length, input.bytesMax)) return whole;
    const parts: Artifact[] = [];
    const taken = new Set<string>();
    for (const section of sections) {
      const name = distinctFilename(filename(`${stemOf(whole.filename)} - ${section.title}`, "xlsx"), taken);
      parts.push(await write([section], input, options, name, `-${section.index + 1}`));
    }
    return { ...whole, parts };
  },
};

async function write(
  sections: readonly Section[],
  { stem, spool, signal, message: { run, period, brand } }: FormatInput,
  { headers }: XlsxOptions,
  name: string,
  suffix: string,
): Promise<Artifact> {
  const { workbookMembers } = await workbook();
  const path = spool.path(`artifact-${filename(`${stem}${suffix}`, "xlsx")}`);
  const created = new Date(run.dueAt);
  const members = workbookMembers({
    sections,
    headers,
    title: run.title,
    cover: { run, period, brand: brand?.name },
    creator: brand?.name,
    created,
    phrases: phrasesIn(run.locale),
    signal,
  });
  const file = await writeZip(path, members, created, signal);
  return {
    filename: name,
    contentType: XLSX_TYPE,
    file,
    rows: sections.reduce((sum, { result }) => sum + result.table.rowCount, 0),
    sections: sections.map(({ index }) => index),
  };
}

/** Of the table that the message shows, whose columns are the result's. */
function emphasisIn(section: MessageSection | undefined): readonly Emphasis[] {
  const show = section?.data?.show;
  return show?.kind === "table" ? show.emphasis : [];
}

function stemOf(name: string): string {
  return name.replace(/\.xlsx$/i, "");
}
