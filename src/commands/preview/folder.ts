import { copyFile, link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Worker } from "../../app/app.ts";
import { ReportError } from "../../core/error.ts";
import type { PreviewFile } from "../../core/ports/destination.ts";
import { PREVIEW_MARK, type ShownDelivery } from "./page.ts";

type PreviewedDelivery = Awaited<ReturnType<Worker["preview"]>>[number];

/** The folder for a preview, to be called before anything is run. Throws ReportError `config` where the one asked for holds anything else. */
export async function checkFolder(asked: string | undefined): Promise<void> {
  if (asked !== undefined) await earlierIn(resolve(asked));
}

/** Makes it: the one asked for, empty, or a fresh one. */
export async function makeFolder(asked: string | undefined, report: string): Promise<string> {
  if (asked === undefined) return mkdtemp(join(tmpdir(), `lookpost-${plain(report)}-`));
  const folder = resolve(asked);
  for (const name of await earlierIn(folder)) await rm(join(folder, name), { recursive: true });
  await mkdir(folder, { recursive: true }).catch((cause) => {
    throw unusable(folder, cause);
  });
  return folder;
}

/** What an earlier preview left in it: a new one may take its place, and that of nothing else. */
async function earlierIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw unusable(folder, cause);
  });
  if (names.length === 0) return [];
  const page = await readFile(join(folder, "index.html"), "utf8").catch(() => "");
  const isOurs = names.every((name) => name === "index.html" || /^\d+-[a-z0-9_]+$/.test(name));
  if (isOurs && page.includes(PREVIEW_MARK)) return names;
  throw new ReportError(`${folder} contains something other than an earlier preview.`, {
    code: "config",
    advice: "Name a new folder with --out, or leave it out for a temporary one.",
  });
}

function unusable(folder: string, cause: NodeJS.ErrnoException): ReportError {
  return new ReportError(`${folder} cannot be used: ${cause.code ?? cause.message}.`, {
    code: "config",
    advice: "Name another folder with --out.",
    cause,
  });
}

/** One delivery as its destination shows it. */
interface Shape {
  readonly number: number;
  readonly subject: string;
  readonly forms: readonly PreviewFile[];
}

/** Writes what one delivery would be into a folder of its own. */
export async function writeDelivery(
  folder: string,
  { number, subject, forms }: Shape,
  { target, message, to }: PreviewedDelivery,
): Promise<ShownDelivery> {
  const { kind } = to.destination;
  const own = `${number}-${plain(kind)}`;
  await mkdir(join(folder, own, ...(message.artifacts.length > 0 ? ["files"] : [])), { recursive: true });
  for (const { name, contents } of forms) await writeFile(join(folder, own, basename(name)), contents);
  for (const { filename, file } of message.artifacts)
    await place(file.path, join(folder, own, "files", basename(filename)));
  return {
    kind,
    target,
    subject,
    notices: message.notices,
    folder: own,
    forms: forms.map(({ name, contents }) => ({
      name: basename(name),
      text: typeof contents === "string" ? contents : null,
    })),
    files: message.artifacts.map(({ filename, file, rows }) => ({
      name: basename(filename),
      bytes: file.bytes,
      rows,
    })),
    downloads: message.downloads,
  };
}

/** A gigabyte is not to be copied where the disk can give it a second name. */
async function place(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .slice(0, 40);
}
