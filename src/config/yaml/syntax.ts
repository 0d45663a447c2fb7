import {
  type Document,
  isCollection,
  isScalar,
  type LineCounter,
  type Node,
  visit,
  type YAMLError,
} from "yaml";
import type { Problem } from "../../core/model/problem.ts";
import { withoutEnd } from "../../core/rules/trimmed.ts";

export interface SyntaxProblems {
  /** Without paths: the text of these lines has no reliable place in the structure until it has been read. */
  readonly problems: readonly { readonly line: number; readonly problem: Problem }[];
  /** Lines (from 1) whose own value cannot be trusted, while everything around it can. */
  readonly invalidLines: ReadonlySet<number>;
  /** False where the errors leave the file's structure in doubt: then nothing else about it is worth saying. */
  readonly structureHolds: boolean;
}

/** What is read of a line to find words for what is wrong with it. */
const LINE_CHARACTERS_MAX = 2_000;

const LOCAL_CODES = new Set(["BAD_SCALAR_START", "BAD_DQ_ESCAPE", "BAD_ALIAS", "TAG_RESOLVE_FAILED"]);

/** The YAML reader's errors in our words: the first of each line, without those that only follow from an earlier one. */
export function syntaxProblems(document: Document.Parsed, text: string, lines: LineCounter): SyntaxProblems {
  const problems: { line: number; problem: Problem }[] = [];
  const invalidLines = new Set<number>();
  let structureHolds = true;
  for (const error of [...document.errors, ...document.warnings]) {
    const { line } = lines.linePos(error.pos[0]);
    const isLocal = LOCAL_CODES.has(error.code) || error.message.endsWith("at node end");
    structureHolds &&= isLocal;
    const follows = problems.length > 0 && error.message.includes("in YAML stream");
    if (follows || invalidLines.has(line)) continue;
    invalidLines.add(line);
    const start = lines.lineStarts[line - 1] ?? 0;
    const end = Math.min(lines.lineStarts[line] ?? text.length, start + LINE_CHARACTERS_MAX);
    const source = text.slice(start, end).trimEnd();
    const comment = commentWithin(error, document, text);
    if (comment !== null) {
      problems.push({ line, problem: comment });
      continue;
    }
    const { column, ...words } = inWords(error, source);
    const range =
      column === undefined
        ? rangeOf(error, document, text)
        : ([start + column, start + source.length] as const);
    problems.push({ line, problem: { range, ...words } });
  }
  return { problems, invalidLines, structureHolds };
}

/** Where the line itself shows the place better than the reader could: the column, from 0. */
type Words = Problem & { readonly column?: number };

function inWords(error: YAMLError, line: string): Words {
  if (error.code === "TAB_AS_INDENT")
    return {
      message: "a tab is used for indentation",
      advice: "Indent with spaces: YAML does not allow tabs there.",
    };
  const reference = bareReference(line);
  if (reference !== null)
    return {
      message: "a reference inside { } has to be in quotes",
      advice: `Write { key: "\${NAME}" }: its braces would otherwise end the mapping.`,
      column: reference,
    };
  return startOfValue(error, line) ?? structural(error);
}

/** Each stretch without quotes is looked at once: a line can be as long as the file. */
function bareReference(line: string): number | null {
  for (const { index, 0: stretch } of line.matchAll(/(?:^|["'$])[^"'$]*(?=\$\{)/g))
    if (stretch.includes("{")) return index + stretch.length;
  return null;
}

/** What was opened and never closed is shown where it was opened, not at the end of the file. */
function rangeOf(error: YAMLError, document: Document.Parsed, text: string): readonly [number, number] {
  const opener = isUnclosed(error) ? openerBefore(error.pos[0], document, text) : null;
  return opener === null ? error.pos : [opener, opener + 1];
}

/** `{ channel: #ops }`: what closes the bracket is part of the comment. */
function commentWithin(error: YAMLError, document: Document.Parsed, text: string): Problem | null {
  const opener = isUnclosed(error) ? openerBefore(error.pos[0], document, text) : null;
  if (opener === null) return null;
  const within = text.slice(opener, Math.min(error.pos[1], opener + LINE_CHARACTERS_MAX));
  const found = /[:,[{-][ \t]+(#[^\s#,}\]]+)/.exec(within);
  if (found?.[1] === undefined) return null;
  const start = opener + found.index + found[0].length - found[1].length;
  return {
    range: [start, start + found[1].length],
    message: "a # without quotes starts a comment, and what closes the bracket is in it",
    advice: `Write "${found[1]}", in quotes.`,
  };
}

function openerBefore(end: number, document: Document.Parsed, text: string): number | null {
  let found: number | null = null;
  visit(document, {
    Node: (_key, node: Node) => {
      const [start, last] = node.range ?? [end, end];
      const opens = isScalar(node)
        ? /["']/.test(text[start] ?? "")
        : isCollection(node) && node.flow === true && !/[\]}]/.test(text[last - 1] ?? "");
      if (opens && start < end && last >= end - 1) found = start;
    },
  });
  return found;
}

function isUnclosed(error: YAMLError): boolean {
  return (
    (error.code === "MISSING_CHAR" && /closing|Flow/.test(error.message)) ||
    (error.code === "BAD_INDENT" && error.message.includes("Flow"))
  );
}

/** Characters that mean something to YAML at the start of a value. */
function startOfValue(error: YAMLError, line: string): Words | null {
  const value = /(?::|-)\s+((?:[*@%`]|>=?\s*[-.\d]|!=)[\s\S]*)$/.exec(line)?.[1];
  if (value === undefined) return null;
  const column = line.length - value.length;
  const quoted = `"${withoutEnd(value.split(/\s#/, 1)[0] ?? "", " \t}],")}"`;
  if (value.startsWith("*"))
    return {
      message: "an unquoted * at the start of a value refers to a YAML anchor",
      advice: `If this is a crontab, put it in quotes: ${quoted}.`,
      column,
    };
  if (/^(>|!=)/.test(value))
    return {
      message: `a comparison that starts with ${value[0]} has to be in quotes`,
      advice: `Write ${value.startsWith(">") && !line.includes("{") ? quoted : 'it as in "> 0.05"'}.`,
      column,
    };
  if (error.code !== "BAD_SCALAR_START") return null;
  const macro = /^@(hourly|daily|midnight|weekly|monthly|yearly|annually)\b/.test(value);
  return {
    message: `a value that starts with ${value[0]} has to be in quotes`,
    advice: macro
      ? 'Crontabs that start with @ are not supported: write five fields, as in "0 8 * * mon".'
      : `Write ${quoted}.`,
    column,
  };
}

function structural(error: YAMLError): Problem {
  const known = WORDS.find(([code, text]) => error.code === code && error.message.includes(text));
  return known
    ? known[2]
    : {
        message: error.message.replaceAll(/\s+/g, " "),
        advice: "Check the indentation and the quotes here and on the line above.",
      };
}

const WORDS: readonly (readonly [code: string, text: string, problem: Problem])[] = [
  [
    "MISSING_CHAR",
    "closing",
    inShort(
      "a quote is opened and never closed",
      "Add the closing quote; it may be missing on a line above.",
    ),
  ],
  ["MISSING_CHAR", "Flow", inShort("a bracket is opened and never closed", "Add the missing ] or }.")],
  [
    "BAD_INDENT",
    "Flow",
    inShort("a bracket is opened and never closed", "Add the missing ] or } before this line."),
  ],
  [
    "BAD_INDENT",
    "",
    inShort(
      "the indentation matches nothing above",
      "Start all keys of one mapping, and all items of one list, in the same column.",
    ),
  ],
  [
    "MISSING_CHAR",
    "Sequence item",
    inShort(
      "this line is inside a list but does not start an item",
      'Start it with "- ", or indent it like the other keys of its item.',
    ),
  ],
  [
    "MISSING_CHAR",
    "Implicit map keys",
    inShort("this line has no colon after its key", "Write key: value, with a space after the colon."),
  ],
  [
    "MULTILINE_IMPLICIT_KEY",
    "",
    inShort(
      "this line has no colon and space after its key",
      "Write key: value, with a space after the colon.",
    ),
  ],
  [
    "BLOCK_AS_IMPLICIT_KEY",
    "",
    inShort(
      "a second colon on the line makes no sense here",
      "Put the value in quotes if the colon belongs to it.",
    ),
  ],
  [
    "UNEXPECTED_TOKEN",
    "at node end",
    inShort("there is something after the end of this value", "Put the whole value in quotes."),
  ],
  [
    "MULTIPLE_DOCS",
    "",
    inShort("the file has more than one YAML document", "Remove the line ---, or split the file."),
  ],
  [
    "BAD_DQ_ESCAPE",
    "",
    inShort(
      "a backslash in double quotes starts an escape that YAML does not know",
      "Use single quotes, or write \\\\ for a backslash.",
    ),
  ],
  [
    "TAG_RESOLVE_FAILED",
    "",
    inShort(
      "YAML tags (words that start with !) are not supported",
      "Remove it, or put the value in quotes.",
    ),
  ],
  ["RESOURCE_EXHAUSTION", "", inShort("the file is nested too deeply", "Use fewer levels.")],
];

function inShort(message: string, advice: string): Problem {
  return { message, advice };
}
