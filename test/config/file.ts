import { posix } from "node:path";
import type { Loaded } from "../../src/config/index.ts";
import { readConfig } from "../../src/config/index.ts";
import { type Connections, env, language } from "./language.ts";

export const HEAD = `version: 1
looker: { base_url: looker.example.com, client_secret: "\${LOOKER_CLIENT_SECRET}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
slack: { token: "\${SLACK_BOT_TOKEN}" }
`;

/** A whole file around the lines of one report called weekly; what it does not say itself is filled in. */
export function withReport(lines: string, head = HEAD): string {
  const has = (key: string) => new RegExp(`^(${key}):`, "m").test(lines);
  const rest = [
    has("schedule") ? "" : 'schedule: "0 8 * * mon"',
    has("look|query|sections") ? "" : "look: 42",
    has("deliver") ? "" : "deliver: [{ email: ops@example.com }]",
  ];
  const all = [...lines.split("\n"), ...rest].filter((line) => line.trim() !== "");
  return `${head}reports:\n  weekly:\n${all.map((line) => `    ${line}\n`).join("")}`;
}

export function read(text: string, more: Readonly<Record<string, string>> = {}): Loaded<Connections> {
  return readConfig(text, {
    file: "reports.yaml",
    env: { ...env, ...more },
    language,
    readFile: (path) => {
      if (path === "/run/secrets/slack") return "xoxb-from-a-file\n";
      throw Object.assign(new Error(`no ${path}`), { code: "ENOENT" });
    },
  });
}

/** "LINE:COLUMN message" of every problem. */
export function problemsOf(text: string, more: Readonly<Record<string, string>> = {}): string[] {
  return read(text, more).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

/** reports.yaml with further files by their paths, as if all were on a disk. A `*` of a pattern is any name. */
export function readFiles(text: string, files: Readonly<Record<string, string>>): Loaded<Connections> {
  const all: Readonly<Record<string, string>> = { "reports.yaml": text, ...files };
  return readConfig(text, {
    file: "reports.yaml",
    env,
    language,
    readFile: () => "",
    included: {
      find(pattern, from) {
        const path = posix.join(posix.dirname(from), pattern);
        const names = new RegExp(`^${path.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}$`);
        return Object.keys(all)
          .filter((file) => names.test(file))
          .sort()
          .map((file) => ({ file, identity: file }));
      },
      read: (file) => all[file] ?? "",
    },
  });
}

/** "FILE:LINE:COLUMN message" of every problem. */
export function problemsOfFiles(text: string, files: Readonly<Record<string, string>>): string[] {
  return readFiles(text, files).problems.map(
    ({ file, line, column, message }) => `${file}:${line}:${column} ${message}`,
  );
}
