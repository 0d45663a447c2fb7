import { z } from "zod";
import type { DestinationWord } from "../language.ts";

/* What several reports, or several files, have in common: all of it is followed before a report is read. */

const BASES_MAX = 10;

const pattern = z.string().min(1);

export const include = z
  .union([pattern, z.array(pattern).min(1)], { error: "Write a file, or a list of files." })
  .meta({
    description:
      "Further files, by path or glob (* ? ** [ab] {a,b}), relative to this one. Each has reports, and may have defaults, bases and audiences of its own, which hold for it alone, laid over those of this file, and an include. Anchors do not reach from one file into another. A report's name is unique over all files.",
    examples: [["teams/*.yaml"]],
    wants: "a file or a list of files",
  });

/** The names of bases, in a report. */
export const extendsBases = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(BASES_MAX)], {
    error: "Write the name of one of bases, or a list of names.",
  })
  .meta({
    description:
      "One of bases, or several, each laid over those before it; the report is laid over all of them. Mappings are merged key by key; lists and values replace. A content of its own (look, query, dashboard, sections) replaces that of a base.",
    examples: ["weekly"],
    wants: "the name of a base or a list of names",
  });

export const bases = z.record(z.string(), z.unknown()).meta({
  description:
    "Families of reports, by name: what reports that name one in extends have in common. A base may have any key of a report, and extend others, five deep.",
  examples: [{ weekly: { schedule: "0 8 * * mon", owner: "data@example.com" } }],
});

/** The values are looked at where they are followed. */
export function audiencesOf(destinations: readonly DestinationWord[]): z.ZodType {
  const names = destinations.flatMap(({ kind, recipients }) => (recipients === undefined ? [] : [kind]));
  return z.record(z.string().min(1), z.unknown()).meta({
    description: `Recipients that are named once: a list of addresses, channels ("#flight-ops") and other audiences, or {${names.map((kind) => `${kind}: …`).join(", ")}}. A recipient that is the name of an audience is all of its recipients; an entry of deliver that is a name alone goes to each of them.`,
    examples: [{ executives: ["ceo@example.com", "cfo@example.com"] }],
  });
}
