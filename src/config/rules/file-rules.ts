import { type Path, type Problem, problemAt } from "../../core/model/problem.ts";
import type { FormatWord, Language } from "../language.ts";
import { isMapping } from "../problems/value.ts";

interface Written {
  readonly kind: string;
  readonly options: unknown;
  readonly path: Path;
}

/** How the files that a report attaches fit it. Reads it as written, valid or not. */
export function fileProblems<C>(
  report: Readonly<Record<string, unknown>>,
  path: Path,
  language: Language<C>,
): Problem[] {
  const { sections, deliver } = report;
  const ofSections = (Array.isArray(sections) ? sections : []).map((section, index) => ({
    contents: [section],
    what: "the section",
    files: filesOf(section, [...path, "sections", index], language.formats),
  }));
  const contents = Array.isArray(sections) ? sections : [report];
  const ofDeliveries = (Array.isArray(deliver) ? deliver : []).map((entry, index) => ({
    contents,
    what: "the report",
    files: filesOf(entry, [...path, "deliver", index], language.formats),
  }));
  return [...ofSections, ...ofDeliveries].flatMap(({ contents: held, what, files }) => [
    ...twice(files),
    ...withoutParts(files, held, what, language),
  ]);
}

function filesOf(holder: unknown, path: Path, formats: readonly FormatWord[]): Written[] {
  const attach = isMapping(holder) ? holder.attach : undefined;
  const isList = Array.isArray(attach);
  return (isList ? attach : [attach]).flatMap((written: unknown, index) => {
    const place = [...path, "attach", ...(isList ? [index] : [])];
    const kind = formats.find((format) =>
      isMapping(written) ? Object.hasOwn(written, format.kind) : written === format.kind,
    )?.kind;
    if (kind === undefined) return [];
    const options = isMapping(written) ? (written[kind] ?? {}) : {};
    return [{ kind, options, path: isMapping(written) ? [...place, kind] : place }];
  });
}

/** The very same file a second time is a slip; with other options it is another file. */
function twice(files: readonly Written[]): Problem[] {
  const seen = new Set<string>();
  return files.flatMap(({ kind, options, path }) => {
    const identity = `${kind} ${JSON.stringify(options)}`;
    if (!seen.has(identity)) {
      seen.add(identity);
      return [];
    }
    return [problemAt(path, `${kind} is attached twice`, "Remove one, or give one of them other options.")];
  });
}

function withoutParts<C>(
  files: readonly Written[],
  contents: readonly unknown[],
  what: string,
  { formats, sources }: Language<C>,
): Problem[] {
  const parted = sources.filter(({ hasParts = false }) => hasParts).map(({ kind }) => kind);
  if (contents.some((content) => isMapping(content) && parted.some((kind) => content[kind] !== undefined)))
    return [];
  const needing = new Set(formats.filter(({ needsParts = false }) => needsParts).map(({ kind }) => kind));
  return files
    .filter(({ kind }) => needing.has(kind))
    .map(({ kind, path }) =>
      problemAt(
        path,
        `${kind} is made of a ${parted.join(" or ")}, and ${what} has none`,
        "Attach html for the message as a page, or png for a picture of a Look.",
      ),
    );
}
