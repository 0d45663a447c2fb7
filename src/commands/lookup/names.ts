import { explores, fields, fieldsOfLook, type Looker, looks } from "../../app/app.ts";
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

/**
 * `lookpost fields`: what a query of an explore, or of a Look's explore, may name; of a model alone its explores, and without a model
 * those of all models.
 */
export async function fieldsCommand(
  model: string | undefined,
  explore: string | undefined,
  options: FieldsOptions,
  io: Io,
): Promise<number> {
  const { look, json } = options;
  return withLooker(options.config, io, async (looker) => {
    const isOfExplore = look !== undefined || explore !== undefined;
    const shown = isOfExplore
      ? await fieldsShown(looker, { model, explore, look }, io)
      : await exploresShown(looker, model ?? null, io);
    if (json === true) io.out.write(asJsonLines(shown.records));
    else io.out.write(columns(shown.lines));
    if (shown.lines.length > 0) return DONE;
    io.err.write(`The API user can see no ${isOfExplore ? "fields there" : "explores"}.\n`);
    return FAILED;
  });
}

interface Listed {
  readonly records: readonly object[];
  readonly lines: readonly (readonly string[])[];
}

/** Looker's field picker does not show it, and so a person may wonder where it is. */
const HIDDEN = "hidden";

async function fieldsShown(
  looker: Looker,
  {
    model,
    explore,
    look,
  }: { model: string | undefined; explore: string | undefined; look: string | undefined },
  { stop }: Io,
): Promise<Listed> {
  const found =
    look === undefined
      ? await fields(looker, { model: model ?? "", explore: explore ?? "" }, stop)
      : await fieldsOfLook(looker, look, stop);
  const isAnyHidden = found.some(({ isHidden }) => isHidden);
  return {
    records: found,
    lines: found.map(({ name, kind, type, isHidden, label, description }) => [
      name,
      kind,
      type,
      ...(isAnyHidden ? [isHidden ? HIDDEN : ""] : []),
      label,
      description ?? "",
    ]),
  };
}

async function exploresShown(looker: Looker, model: string | null, { stop }: Io): Promise<Listed> {
  const found = await explores(looker, model, stop);
  const isAnyHidden = found.some(({ isHidden }) => isHidden);
  return {
    records: found,
    lines: found.map(({ model: of, name, isHidden, label, description }) => [
      of,
      name,
      ...(isAnyHidden ? [isHidden ? HIDDEN : ""] : []),
      label,
      description ?? "",
    ]),
  };
}
