import { readFile } from "node:fs/promises";
import { simpleParser } from "mailparser";
import type { Desk } from "./desk.ts";

/** What on_failure got by email so far: subject and plain text. */
export async function told({ sandbox }: Desk): Promise<{ subject: string; text: string }[]> {
  const mails = await sandbox.smtp.messages();
  const ours = mails.filter(({ recipients }) => recipients.includes("ops@example.com"));
  const parsed = await Promise.all(ours.map(async ({ file }) => simpleParser(await readFile(file))));
  return parsed.map(({ subject = "", text = "" }) => ({ subject, text }));
}

/** The commands of a notice, as they stand in its plain text. */
export function commandsIn(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((each) => /^ {4}\S/.test(each));
  return lines.map((line) => line.trim());
}
