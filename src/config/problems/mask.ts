import { redact } from "../../core/rules/redact.ts";
import type { Secrets } from "./secrets.ts";

export interface Masked {
  readonly text: string;
  /** Where a position of the original has moved to; one within a secret comes before its mask. */
  readonly position: (index: number) => number;
}

type Span = readonly [start: number, end: number];

const HIDDEN = "[hidden]";
/** The user and password of a URL. The look behind keeps it linear on long words. */
const URL_PASSWORD =
  /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:\/\/[^\s/?#"':]*:(?!\$\{[^}]{0,300}\}@)([^\s/?#"']+)@/dgi;
const SLACK_TOKEN = /(xox[a-z]-[\w-]+|xapp-[\w-]+)/dg;
/**
 * Where a secret may be although no schema got to see it: after a misspelt key, in a file that is not YAML. Begins only where a word
 * does: begun at each "token" of a long word, it would read the rest of it each time.
 */
const SECRET_KEY =
  /(?<![\w-])(?=[\w-]*?(?:secret|token|passw|credential|api_?key|private_?key))[\w-]+["']?\s*:(?!\s*["']?\$\{)\s*("[^"]*"?|'[^']*'?|[^\s"'].*?(?=,?\s|\s*\}|$))/dgi;

/** A text of ours without anything that must not be shown. */
export function mask(text: string, secrets: Secrets): string {
  return redact(masked(text, secrets, [URL_PASSWORD, SLACK_TOKEN]).text, [...secrets.values]);
}

/** The same for a line of the file, where even what only looks like a secret is hidden. */
export function maskLine(line: string, secrets: Secrets): Masked {
  const { text, position } = masked(line, secrets, [URL_PASSWORD, SLACK_TOKEN, SECRET_KEY]);
  return { text: redact(text, [...secrets.values]), position };
}

function masked(text: string, secrets: Secrets, patterns: readonly RegExp[]): Masked {
  const spans = merged([
    ...patterns.flatMap((pattern) =>
      [...text.matchAll(pattern)].flatMap(({ indices }) => (indices?.[1] ? [indices[1]] : [])),
    ),
    ...[...secrets.written].flatMap((secret) => occurrences(text, secret)),
  ]);
  let shown = "";
  let done = 0;
  const moves: { start: number; end: number; to: number }[] = [];
  for (const [start, end] of spans) {
    shown += text.slice(done, start);
    moves.push({ start, end, to: shown.length });
    shown += HIDDEN;
    done = end;
  }
  return { text: shown + text.slice(done), position: (index) => moved(index, moves) };
}

function moved(index: number, moves: readonly { start: number; end: number; to: number }[]): number {
  const last = moves.findLast(({ start }) => start < index);
  if (!last) return index;
  return last.to + (index < last.end ? 0 : HIDDEN.length + index - last.end);
}

function occurrences(text: string, part: string): Span[] {
  const found: Span[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length))
    found.push([at, at + part.length]);
  return found;
}

function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && start < last[1]) result[result.length - 1] = [last[0], Math.max(last[1], end)];
    else result.push([start, end]);
  }
  return result;
}
