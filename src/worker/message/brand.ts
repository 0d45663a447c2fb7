import { writeFile } from "node:fs/promises";
import { ReportError } from "../../core/error.ts";
import type { Brand, MessageBrand } from "../../core/model/brand.ts";
import type { Picture } from "../../core/model/picture.ts";
import type { Spool } from "../../core/ports/spool.ts";
import { logoOf } from "../../core/rules/brand/logo.ts";
import type { Adapters, WorkerContext } from "../process/context.ts";

export interface BrandDeps {
  readonly adapters: Pick<Adapters, "brandFile">;
  readonly trouble: WorkerContext["trouble"];
}

export interface ShownBrand {
  /** Null: the message is lookpost's own. */
  readonly brand: MessageBrand | null;
  readonly pictures: readonly Picture[];
}

/**
 * What a message shows of its report's brand, its logo read from the disk now. A logo that cannot be shown is left out, and its report's
 * operator is told: recipients lose nothing that they need.
 */
export async function shownBrand(
  { name, accent, footer, logo }: Brand,
  spool: Spool,
  { adapters, trouble }: BrandDeps,
): Promise<ShownBrand> {
  const words = {
    ...(name !== undefined && { name }),
    ...(accent !== undefined && { accent }),
    ...(footer !== undefined && { footer }),
  };
  const read = async (path: string, called: string) => {
    try {
      return await logoPicture(await adapters.brandFile(path), { path, called, alt: name ?? "" }, spool);
    } catch (thrown) {
      trouble(thrown);
      return null;
    }
  };
  const light = logo === undefined ? null : await read(logo.light, "logo");
  if (light === null) return { brand: Object.keys(words).length === 0 ? null : words, pictures: [] };
  const dark = logo?.dark === undefined ? null : await read(logo.dark, "logo-dark");
  const shown = { light: light.name, ...(dark !== null && { dark: dark.name }) };
  return { brand: { ...words, logo: shown }, pictures: dark === null ? [light] : [light, dark] };
}

async function logoPicture(
  bytes: Uint8Array,
  { path, called, alt }: { readonly path: string; readonly called: string; readonly alt: string },
  spool: Spool,
): Promise<Picture> {
  const logo = logoOf(bytes);
  if (typeof logo === "string")
    throw new ReportError(`The logo ${path} ${logo}.`, {
      code: "config",
      advice: "Correct brand.logo in reports.yaml. Messages go without it until then.",
    });
  const name = `${called}.${logo.type}`;
  const file = spool.path(name);
  await writeFile(file, bytes);
  return { name, file: { path: file, bytes: bytes.length }, width: logo.width, height: logo.height, alt };
}
