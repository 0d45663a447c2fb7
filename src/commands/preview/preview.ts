import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { App, Worker } from "../../app/app.ts";
import { type Report, reasonToSkip } from "../../core/model/report.ts";
import type { Run } from "../../core/model/run.ts";
import { parseDue } from "../../core/rules/due.ts";
import { plainly } from "../../core/rules/plain-text.ts";
import { bytes } from "../../core/rules/quantity.ts";
import { type ConfigOption, withApp } from "../context.ts";
import { asJsonLines } from "../history/json-lines.ts";
import { DONE, FAILED, type Io } from "../io.ts";
import { findReport } from "../lookup/find.ts";
import { wholeConfig } from "../reports.ts";
import { deliveriesTo } from "../run/recipient.ts";
import { runInProcess } from "../run/run-in-process.ts";
import { openInBrowser } from "./browser.ts";
import { checkFolder, makeFolder, writeDelivery } from "./folder.ts";
import { previewPage, type ShownDelivery } from "./page.ts";

export interface PreviewOptions extends ConfigOption {
  readonly due?: string;
  readonly as?: string;
  readonly out?: string;
  readonly open?: boolean;
  readonly json?: boolean;
}

/** `lookpost preview`: a report as each recipient would get it, in a folder; nothing is sent. */
export async function previewCommand(name: string, options: PreviewOptions, io: Io): Promise<number> {
  const config = wholeConfig(options.config, io);
  const whole = findReport(name, config);
  const report = options.as === undefined ? whole : { ...whole, deliver: deliveriesTo(options.as, whole) };
  const dueAt = options.due === undefined ? new Date() : parseDue(options.due, report.schedule.timezone);
  await checkFolder(options.out);
  return withApp(config, io, async (app) => {
    const request = { report, dueAt, kind: "trial", isDry: true } as const;
    const code = await runInProcess(request, app, io, async (run, worker) => {
      if (run.state !== "skipped") return FAILED;
      if (await isKeptBack(run, report, app)) return DONE;
      const folder = await makeFolder(options.out, report.name);
      const shown = await show({ run, report, folder, worker }, app, io);
      await tell(shown, folder, options, io);
      return DONE;
    });
    return code ?? FAILED;
  });
}

/** Its `send_if` says no: nothing would be sent, and the run has said why. */
async function isKeptBack(run: Run, { sendIf }: Report, app: App): Promise<boolean> {
  const sections = await (await app.ledger()).sections(run.id);
  const rows = sections.reduce((sum, section) => sum + (section.rows ?? 0), 0);
  return reasonToSkip(sendIf, rows) !== null;
}

interface Showing {
  readonly run: Run;
  readonly report: Report;
  readonly folder: string;
  readonly worker: Worker;
}

async function show(
  { run, report, folder, worker }: Showing,
  app: App,
  io: Io,
): Promise<readonly ShownDelivery[]> {
  const shown: ShownDelivery[] = [];
  for (const previewed of await worker.preview(run.id, io.stop)) {
    const { message, to, unsubscribe } = previewed;
    const destination = app.destination(to.destination.kind);
    const { options } = to.destination;
    const forms = (await destination.preview?.(message, options, { unsubscribe })) ?? [];
    const subject = destination.headline?.(message, options) ?? message.subject;
    shown.push(await writeDelivery(folder, { number: shown.length + 1, subject, forms }, previewed));
  }
  const page = previewPage({ report, dueAt: run.dueAt, deliveries: shown });
  await writeFile(join(folder, "index.html"), page);
  return shown;
}

async function tell(
  shown: readonly ShownDelivery[],
  folder: string,
  { json, open }: PreviewOptions,
  io: Io,
): Promise<void> {
  const page = join(folder, "index.html");
  if (json === true) io.out.write(asJsonLines(shown.map((delivery) => line(delivery, folder))));
  else {
    for (const delivery of shown) io.err.write(`  ${words(plainly(delivery))}\n`);
    io.out.write(`${page}\n`);
  }
  if (open === true && !(await openInBrowser(page, io)))
    io.err.write(`No browser could be opened here: ${pathToFileURL(page).href}\n`);
}

function words({ kind, target, subject, files }: ShownDelivery): string {
  const sum = files.reduce((total, file) => total + file.bytes, 0);
  const size =
    files.length === 0 ? "" : `, ${files.length === 1 ? "1 file" : `${files.length} files`}, ${bytes(sum)}`;
  return `${kind.padEnd(10)} ${target}: "${subject}"${size}`;
}

function line(
  { kind, target, subject, notices, folder: own, forms, files, downloads }: ShownDelivery,
  folder: string,
) {
  return {
    type: "preview",
    destination: kind,
    target,
    subject,
    notices,
    folder: join(folder, own),
    forms: forms.map(({ name }) => name),
    files,
    downloads: downloads.map(({ filename, bytes: size }) => ({ name: filename, bytes: size })),
  };
}
