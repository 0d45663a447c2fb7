import { type ExploreField, fields, fieldsOfLook, type Looker, looks } from "../../app/app.ts";
import { ReportError } from "../../core/error.ts";
import type { ConfigOption } from "../context.ts";
import { asJsonLines } from "../history/json-lines.ts";
import { DONE, FAILED, type Io } from "../io.ts";
import { columns } from "../layout.ts";
import { withLooker } from "../reports.ts";

export interface NamesOptions extends ConfigOption {
  readonly json?: boolean;
}

export interface FieldsOptions extends NamesOptions {
  readonly look?: string;
}

/** `lookpost looks`: Looks whose title holds the text. */
export async function looksCommand(text: string | undefined, options: NamesOptions, io: Io): Promise<number> {
  return withLooker(options.config, io, async (looker) => {
    const found = await looks(looker, text ?? null, io.stop);
    if (options.json === true) io.out.write(asJsonLines(found));
    else
      io.out.write(
        columns(found.map(({ id, title, folder, model }) => [id, title, folder ?? "", model ?? ""])),
      );
    if (found.length > 0) return DONE;
    io.err.write(
      `The API user can see no Looks${text === undefined ? "" : ` with "${text}" in the title`}.\n`,
    );
    return FAILED;
  });
}

/** `lookpost fields`: what a query of an explore, or of a Look's explore, may name. */
export async function fieldsCommand(
  model: string | undefined,
  explore: string | undefined,
  options: FieldsOptions,
  io: Io,
): Promise<number> {
  return withLooker(options.config, io, async (looker) => {
    const found = await fieldsAsked(looker, model, explore, options, io);
    if (options.json === true) io.out.write(asJsonLines(found));
    else
      io.out.write(
        columns(
          found.map((field) => [field.name, field.kind, field.type, field.label, field.description ?? ""]),
        ),
      );
    return DONE;
  });
}

function fieldsAsked(
  looker: Looker,
  model: string | undefined,
  explore: string | undefined,
  { look }: FieldsOptions,
  { stop }: Io,
): Promise<readonly ExploreField[]> {
  if (look !== undefined) return fieldsOfLook(looker, look, stop);
  if (model !== undefined && explore !== undefined) return fields(looker, { model, explore }, stop);
  throw new ReportError("Name a model and an explore, or a Look.", {
    code: "config",
    advice: "For example `lookpost fields faa flights` or `lookpost fields --look 42`.",
  });
}
