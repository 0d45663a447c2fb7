import type { z } from "zod";
import { type Fault, fault, isMapping, type Path } from "./fault.ts";
import { writtenParts } from "./interpolate.ts";
import { allChildren, childrenAt, metaOf, opened } from "./schema.ts";
import type { Spot } from "./spot.ts";

export interface Secrets {
  /** Values to keep out of everything that is shown. */
  readonly values: Set<string>;
  /** Texts of the file itself that must not be quoted: what should never have been written there. */
  readonly written: Set<string>;
  readonly faults: Fault[];
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
  if (spot.isSpoilt || !holdsSecret(schema)) return;
  const schemas = opened(schema);
  const mark = metaOf(schemas).secret;
  if (mark !== undefined && value !== null && typeof value !== "object") {
    if (mark === "url") collectUrl(String(value), spot, path, found);
    else if (mark) collectWhole(String(value), spot, path, found);
    return;
  }
  const entries = Array.isArray(value) ? value.entries() : isMapping(value) ? Object.entries(value) : [];
  for (const [key, item] of entries) {
    const child = spot.children.get(key);
    if (!child) continue;
    const inner = new Set(schemas.flatMap((one) => childrenAt(one, key)));
    for (const one of inner) collectSecrets(one, item, child, [...path, key], found);
    // Beside a secret's key, an unknown one may be that key misspelt.
    if (inner.size === 0 && schemas.some(hasSecretKey))
      hide([writtenParts(child.written ?? "").literal], found);
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

function hasSecretKey(schema: z.core.$ZodType): boolean {
  return allChildren(schema).some((child) => metaOf(opened(child)).secret !== undefined);
}

function collectWhole(value: string, spot: Spot, path: Path, found: Secrets): void {
  if (value !== "") found.values.add(value);
  const { literal, defaults } = writtenParts(spot.written ?? "");
  const hasReference = literal !== (spot.written ?? "");
  if (hasReference && defaults.length === 0) return;
  if (!hasReference && literal === "") return;
  hide([spot.written ?? "", ...defaults], found);
  refuse(path, hasReference ? "the default of a secret is a secret, and" : "this secret", found);
}

function collectUrl(value: string, spot: Spot, path: Path, found: Secrets): void {
  const password = passwordOf(value);
  if (password !== "") for (const form of [password, decoded(password), value]) found.values.add(form);
  // A mark where each reference stood tells a password that is one from a password that is written out.
  const { literal, defaults } = writtenParts((spot.written ?? "").replaceAll("${", "\u0000${"));
  for (const written of [literal, ...defaults].map(passwordOf)) {
    if (written === "" || written.startsWith("\u0000")) continue;
    hide([written], found);
    refuse(path, "the password in this URL", found);
  }
}

/** What stands between the user and the last @, even where the rest is no URL: mistyped passwords are secrets too. */
function passwordOf(url: string): string {
  const afterScheme = url.trim().replace(/^[a-z][a-z0-9+.-]*:\/\//i, "");
  return /^[^:]*:(.*)@/s.exec(afterScheme)?.[1] ?? "";
}

function hide(texts: readonly string[], found: Secrets): void {
  for (const text of texts)
    for (const line of text.split("\n")) if (line.trim() !== "") found.written.add(line.trim());
}

function refuse(path: Path, what: string, found: Secrets): void {
  const variable = path
    .filter((key) => typeof key === "string" && key !== "reports")
    .slice(-2)
    .join("_")
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, "_");
  found.faults.push(
    fault(
      path,
      `${what} is written in the file`,
      `Put it in the environment and write \${${variable}}, or in a file of its own and write \${file:/run/secrets/${variable.toLowerCase()}}. Then change it: it has been seen.`,
    ),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
