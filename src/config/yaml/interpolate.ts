import type { Problem } from "../../core/model/problem.ts";
import { didYouMean, isNear } from "../../core/rules/nearest.ts";
import { withoutEnd } from "../../core/rules/trimmed.ts";

/** Where references lead. Arguments, so that reading a file depends on nothing else. */
export interface ReferenceSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Variables that the file names: none of them is what another was meant to be. */
  readonly named?: ReadonlySet<string>;
  /** Reads `${file:PATH}`; throws as node:fs does. */
  readonly readFile: (path: string) => string;
}

export interface Interpolated {
  readonly text: string;
  /** Whether any of it came from outside the file. */
  readonly changed: boolean;
  readonly problems: readonly UnresolvedReference[];
}

export interface UnresolvedReference extends Problem {
  readonly reference: string;
  /** It is a reference, and leads to nothing here: an unset variable, a file that is not there. */
  readonly isUnset?: boolean;
}

const REFERENCE = /\$\$\{|\$\{[^{}]*\}?/g;
const NAMED = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;
const FILE = /^file:(.+)$/s;
const FORMS = `Write \${NAME}, \${NAME:-default} or \${file:/path}; write $\${ where you mean the characters \${.`;
/** A mounted secret is a line or a key; anything larger is the wrong file. */
const FILE_CHARACTERS_MAX = 65_536;

/**
 * Fills in `${NAME}`, `${NAME:-default}` (where NAME is unset or empty, as in a shell) and `${file:/path}` (without the
 * line ends at its end). `$${` is a plain `${`. What is filled in is never read again, neither as a reference nor as YAML.
 */
export function interpolate(text: string, sources: ReferenceSources): Interpolated {
  if (!text.includes("${")) return { text, changed: false, problems: [] };
  const problems: UnresolvedReference[] = [];
  let changed = false;
  const filled = text.replace(REFERENCE, (reference) => {
    if (reference === "$${") return "${";
    const found = resolve(reference, sources);
    if (typeof found === "string") {
      changed = true;
      return found;
    }
    problems.push({ ...found, reference });
    return reference;
  });
  return { text: filled, changed, problems };
}

/** The parts of `text` that are written in the file itself: it without its references, and the references' defaults. */
export function writtenParts(text: string): { literal: string; defaults: readonly string[] } {
  const defaults: string[] = [];
  const literal = text.replace(REFERENCE, (reference) => {
    if (reference === "$${") return "${";
    const fallback = NAMED.exec(reference.slice(2, -1))?.[2];
    if (fallback) defaults.push(fallback);
    return "";
  });
  return { literal, defaults };
}

type Unresolved = Omit<UnresolvedReference, "reference">;

function resolve(reference: string, sources: ReferenceSources): string | Unresolved {
  if (!reference.endsWith("}"))
    return { message: `"${reference}" has no closing brace, or contains another one`, advice: FORMS };
  const inside = reference.slice(2, -1);
  const path = FILE.exec(inside)?.[1];
  if (path !== undefined) return fromFile(path, sources);
  const named = NAMED.exec(inside);
  if (!named?.[1]) return { message: `"${reference}" is not a reference`, advice: FORMS };
  return fromEnvironment(named[1], named[2], sources);
}

function fromEnvironment(
  name: string,
  fallback: string | undefined,
  { env, named }: ReferenceSources,
): string | Unresolved {
  const value = env[name];
  if (value) return value;
  if (fallback !== undefined) return fallback;
  const meant = value === undefined ? Object.keys(env).filter((other) => isMeant(name, other, named)) : [];
  const near = didYouMean(name, meant).trim();
  const advice = `Set it before starting (export ${name}=…), or give a default: \${${name}:-default}.`;
  return {
    message: `the environment variable ${name} is ${value === undefined ? "not set" : "empty"}`,
    advice: near === "" ? advice : `${near} ${advice}`,
    isUnset: true,
  };
}

/**
 * Whether one variable can be another misspelt: not where the file names that one too, or a word of it is another one altogether
 * (LOOKER_CLIENT_ID for LOOKER_CLIENT_SECRET).
 */
function isMeant(name: string, other: string, named: ReadonlySet<string> | undefined): boolean {
  if (named?.has(other)) return false;
  const [words, others] = [name, other].map((each) => each.split("_").filter((word) => word !== ""));
  if (words === undefined || others === undefined) return false;
  const isUnlike = (all: readonly string[]) => (word: string) => !all.some((one) => isNear(word, one));
  return !words.some(isUnlike(others)) || !others.some(isUnlike(words));
}

/** The variables that a text refers to. */
export function namedVariables(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)/g)].map(([, name]) => name ?? ""));
}

function fromFile(path: string, { readFile }: ReferenceSources): string | Unresolved {
  try {
    const text = readFile(path);
    if (text.length <= FILE_CHARACTERS_MAX) return withoutEnd(text, "\r\n");
    return {
      message: `the file ${path} has more than ${FILE_CHARACTERS_MAX} characters`,
      advice: "Name a file that contains only the value.",
    };
  } catch (error) {
    return {
      message: `the file ${path} cannot be read: ${reason(error)}`,
      advice: "Check the path, and that the user lookpost runs as may read it.",
      isUnset: true,
    };
  }
}

function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "EISDIR") return "it is a folder";
  return typeof code === "string" ? code : "reading it failed";
}
