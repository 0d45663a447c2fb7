import { isMapping } from "../problems/value.ts";
import type { Spot } from "../yaml/spot.ts";

/** A value with the place of everything in it. */
export interface Placed {
  readonly value: unknown;
  readonly spot: Spot;
}

/**
 * What is written at `own` over what it is based on: mappings are merged key by key, lists and values replaced. `choices`: groups of words
 * of which a mapping has one, so that the own one replaces any other. `depth`: how many levels of mappings are merged.
 */
export function laidOver(
  own: Placed,
  base: Placed,
  choices: readonly (readonly string[])[],
  depth = Number.POSITIVE_INFINITY,
): Placed {
  if (depth === 0 || !isMapping(own.value) || !isMapping(base.value) || own.spot.isInvalid) return own;
  const value: [string, unknown][] = [];
  const children = new Map<string | number, Spot>();
  const put = (key: string, one: Placed) => {
    value.push([key, one.value]);
    children.set(key, one.spot);
  };
  const chosen = choices.filter((group) => group.some((word) => Object.hasOwn(own.value as object, word)));
  for (const [key, spot] of base.spot.children) {
    const name = String(key);
    const inBase = { value: base.value[name], spot };
    const inOwn = childOf(own, name);
    if (inOwn !== null) put(name, laidOver(inOwn, inBase, choices, depth - 1));
    else if (!chosen.some((group) => group.includes(name))) put(name, inBase);
  }
  for (const [key, spot] of own.spot.children)
    if (!children.has(key)) put(String(key), { value: own.value[String(key)], spot });
  return { value: Object.fromEntries(value), spot: { ...own.spot, children } };
}

/** What is below `key`; null where nothing is. */
export function childOf({ value, spot }: Placed, key: string | number): Placed | null {
  const child = spot.children.get(key);
  if (child === undefined || typeof value !== "object" || value === null) return null;
  return { value: (value as Record<string | number, unknown>)[key], spot: child };
}

/** The same mapping with something else below `key`; null: with nothing. */
export function withChild({ value, spot }: Placed, key: string, child: Placed | null): Placed {
  const rest = Object.entries(isMapping(value) ? value : {}).filter(([name]) => name !== key);
  const children = new Map(spot.children);
  children.delete(key);
  if (child !== null) children.set(key, child.spot);
  return {
    value: Object.fromEntries(child === null ? rest : [...rest, [key, child.value]]),
    spot: { ...spot, children },
  };
}

/** Whether anything in it has a fault already. */
export function isFaulty({ isInvalid, children }: Spot): boolean {
  return isInvalid || [...children.values()].some(isFaulty);
}
