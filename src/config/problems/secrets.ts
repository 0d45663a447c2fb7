import type { z } from "zod";
import { type Path, type Problem, problemAt } from "../../core/model/problem.ts";
import { SECRET_CHARS_MIN } from "../../core/rules/redact.ts";
import { allChildren, childrenAt, metaOf, opened } from "../schema/schema.ts";
import { writtenParts } from "../yaml/interpolate.ts";
import type { Spot } from "../yaml/spot.ts";
import { isMapping } from "./value.ts";

export interface Secrets {
  /** Values to keep out of everything that is shown. */
  readonly values: Set<string>;
  /** Texts of the file itself that must not be quoted: what should never have been written there. */
  readonly written: Set<string>;
  readonly problems: Problem[];
  /** Where there are some that are too short to be hidden: "slack.token". */
  readonly tooShort: Set<string>;
}

/** Collects the values of all properties below `value` that their schema marks as secret, and refuses those written out. */
export function collectSecrets(
  schema: z.core.$ZodType,
  value: unknown,
  spot: Spot,
  path: Path,
  found: Secrets,
): void {
  // A reference that led nowhere has brought no secret.
  if (spot.isInvalid || !holdsSecret(schema)) return;
  const schemas = opened(schema);
  const { secret: mark, variable } = metaOf(schemas);
  if (mark !== undefined && value !== null && typeof value !== "object") {
    const refusal = { path, variable: variable ?? variableOf(path) };
    if (mark === true) collectWhole(String(value), spot, refusal, found);
    else collectUrl(String(value), mark, spot, refusal, found);
    return;
  }
  const entries = Array.isArray(value) ? value.entries() : isMapping(value) ? Object.entries(value) : [];
  for (const [key, item] of entries) {
    const child = spot.children.get(key);
    if (!child) continue;
    const inner = new Set(schemas.flatMap((one) => childrenAt(one, key)));
    for (const one of inner) collectSecrets(one, item, child, [...path, key], found);
    if (inner.size === 0) hideMisspelt(child.written ?? "", schemas, found);
  }
}

const holding = new WeakMap<z.core.$ZodType, boolean>();

/** Whether anything below the schema is marked: most of a file is not, and need not be looked through. */
function holdsSecret(schema: z.core.$ZodType): boolean {
  const known = holding.get(schema);
  if (known !== undefined) return known;
  // Until it is known: a schema that holds itself adds nothing.
  holding.set(schema, false);
  const schemas = opened(schema);
  const holds = metaOf(schemas).secret !== undefined || schemas.flatMap(allChildren).some(holdsSecret);
  holding.set(schema, holds);
  return holds;
}

/** Next to a secret's key, an unknown one may be that key misspelt; next to that of a URL, what looks like one may be it. */
function hideMisspelt(written: string, schemas: readonly z.core.$ZodType[], found: Secrets): void {
  const marks = schemas.flatMap(allChildren).map((child) => metaOf(opened(child)).secret);
  const { literal } = writtenParts(written);
  if (marks.includes(true) || (marks.some((mark) => mark !== undefined) && literal.includes("://")))
    hide([literal], found);
}

interface Refusal {
  readonly path: Path;
  /** The environment variable to advise. */
  readonly variable: string;
}

function collectWhole(value: string, spot: Spot, refusal: Refusal, found: Secrets): void {
  if (value !== "") found.values.add(value);
  noteShort(value.trim(), refusal.path.join("."), found);
  const { literal, defaults } = writtenParts(spot.written ?? "");
  const hasReference = literal !== (spot.written ?? "");
  if (hasReference && defaults.length === 0) return;
  if (!hasReference && literal === "") return;
  hide([spot.written ?? "", ...defaults], found);
  refuse(refusal, hasReference ? "the default of a secret is a secret, and" : "this secret", found);
}

function collectUrl(
  value: string,
  mark: "url" | "hidden" | undefined | false,
  spot: Spot,
  refusal: Refusal,
  found: Secrets,
): void {
  if (mark === "hidden") hideUrl(value, found);
  collectUrlSecrets(value, refusal.path.join("."), found);
  // A mark in place of each reference tells a password that is one from a password that is written out.
  const { literal, defaults } = writtenParts((spot.written ?? "").replaceAll("${", "\u0000${"));
  for (const written of [literal, ...defaults].flatMap(passwordsOf)) {
    if (written.startsWith("\u0000")) continue;
    hide([written], found);
    refuse(refusal, "the password in this URL", found);
  }
}

function noteShort(value: string, place: string, { tooShort }: Secrets): void {
  if (value !== "" && value.length < SECRET_CHARS_MIN) tooShort.add(place);
}

/** The passwords of a URL, and with them the whole of it. `place`: what a person knows it by. */
export function collectUrlSecrets(url: string, place: string, found: Secrets): void {
  const { values } = found;
  const passwords = passwordsOf(url);
  for (const password of passwords) {
    values.add(password).add(decoded(password));
    noteShort(decoded(password), place, found);
  }
  if (passwords.length > 0) values.add(url);
}

/** All of it, what a request for it shows of it (the path), and the id or key in that alone, as a server may name it. */
function hideUrl(url: string, { values }: Secrets): void {
  if (url !== "") values.add(url);
  if (!URL.canParse(url)) return;
  const { pathname, searchParams } = new URL(url);
  if (pathname.length >= HIDDEN_CHARS_MIN) values.add(pathname);
  const parts = [...pathname.split("/").map(decoded), ...searchParams.values()];
  for (const part of parts) if (part.length >= HIDDEN_CHARS_MIN && /\d/.test(part)) values.add(part);
}

/** Shorter paths are words like /ping, which occur in other texts too; as do longer parts without a digit: /notifications/. */
const HIDDEN_CHARS_MIN = 12;

/**
 * What is between the user and the last @, even where the rest is not a URL: mistyped passwords are secrets too. Postgres
 * takes one in the query as well.
 */
function passwordsOf(url: string): string[] {
  if (/^file:/i.test(url.trim())) return [];
  const afterScheme = url.trim().replace(/^[a-z][a-z0-9+.-]*:\/\//i, "");
  const ofUser = /^[^:]*:(.*)@/s.exec(afterScheme)?.[1] ?? "";
  const ofQuery = [...url.matchAll(/[?&](?:ssl)?password=([^&#]*)/gi)].map(([, password]) => password ?? "");
  return [ofUser, ...ofQuery].filter((password) => password !== "");
}

function hide(texts: readonly string[], found: Secrets): void {
  for (const text of texts)
    for (const line of text.split("\n")) if (line.trim() !== "") found.written.add(line.trim());
}

function refuse({ path, variable }: Refusal, what: string, found: Secrets): void {
  found.problems.push(
    problemAt(
      path,
      `${what} is written in the file`,
      `Put it in the environment and write \${${variable}}, or in a file of its own and write \${file:/run/secrets/${variable.toLowerCase()}}. Then change it: it has been seen.`,
    ),
  );
}

function variableOf(path: Path): string {
  return path
    .filter((key) => typeof key === "string" && key !== "reports")
    .slice(-2)
    .join("_")
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, "_");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
