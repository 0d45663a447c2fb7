import type { Path, Problem } from "../../core/model/problem.ts";
import type { RecipientKeys } from "../../core/ports/destination.ts";
import { isMapping } from "../problems/value.ts";
import type { Spot } from "../yaml/spot.ts";
import { type Audiences, nameOf } from "./audiences.ts";
import { childOf, type Placed, withChild } from "./placed.ts";

/** An entry of `deliver` or `on_failure`, and whether an audience made it. */
interface Made {
  readonly entry: Placed;
  readonly isNamed: boolean;
}

/**
 * A report, or `defaults`, whose destinations have the recipients of the audiences that they name, as if each were written there: what
 * is known of a delivery (its place in the ledger) does not tell one from the other.
 */
export function addressed(holder: Placed, path: Path, audiences: Audiences, problems: Problem[]): Placed {
  if (audiences.isEmpty) return holder;
  let found = holder;
  for (const key of ["deliver", "on_failure"]) {
    const written = childOf(found, key);
    if (written === null || written.spot.isInvalid) continue;
    const isList = Array.isArray(written.value);
    // One entry of on_failure may be without a list; deliver is one, and the schema says so.
    if (!isList && key === "deliver") continue;
    const expansion = new Expansion(audiences, problems);
    const entries = isList ? itemsOf(written) : [{ ...written, path: [] }];
    const made = entries.flatMap(({ value, spot, path: at }) =>
      expansion.entry({ value, spot }, [...path, key, ...at]),
    );
    if (made.every(({ isNamed }) => !isNamed)) continue;
    found = withChild(found, key, listOf(once(made), written.spot));
  }
  return found;
}

class Expansion {
  private readonly audiences: Audiences;
  private readonly problems: Problem[];
  /** Whom the bare words before have reached: each word adds those who are new. */
  private readonly reached = new Set<string>();

  constructor(audiences: Audiences, problems: Problem[]) {
    this.audiences = audiences;
    this.problems = problems;
  }

  entry(entry: Placed, path: Path): Made[] {
    if (entry.spot.isInvalid) return [asWritten(entry)];
    if (typeof entry.value === "string") return this.bareWord(entry, entry.value, path);
    if (!isMapping(entry.value)) return [asWritten(entry)];
    const { value } = entry;
    const kinds = this.audiences.destinations.filter(({ kind }) => Object.hasOwn(value, kind));
    const [word] = kinds;
    // More than one is refused by a rule.
    if (word?.recipients === undefined || kinds.length > 1) return [asWritten(entry)];
    const options = childOf(entry, word.kind);
    if (options === null || options.spot.isInvalid) return [asWritten(entry)];
    const found = this.options(options, word.kind, word.recipients, [...path, word.kind]);
    if (found === null) return [asWritten(entry)];
    return found.map((one) => ({ entry: withChild(entry, word.kind, one), isNamed: true }));
  }

  /** `deliver: [flight-ops]`: a delivery by each kind of destination that the audience has. */
  private bareWord(entry: Placed, name: string, path: Path): Made[] {
    const { audiences } = this;
    if (!audiences.has(name)) {
      if (audiences.isEmpty || name === "") return [asWritten(entry)];
      this.note(audiences.unknown(name, path), entry.spot);
      return [{ entry: faulty(entry.spot), isNamed: true }];
    }
    return [...audiences.named(name)].flatMap(([kind, recipients]) => {
      const word = audiences.destinations.find((each) => each.kind === kind);
      const added = recipients.filter((one) => !this.reached.has(`${kind} ${nameOf(one)}`));
      for (const one of added) this.reached.add(`${kind} ${nameOf(one)}`);
      if (added.length === 0) return [];
      const all = word?.recipients?.severalAtOnce === true ? [listOf(added, entry.spot)] : added;
      return all.map((one) => ({ entry: mappingOf(kind, one, entry.spot), isNamed: true }));
    });
  }

  /** The options of one destination with its audiences followed, once or several times; null where they name none. */
  private options(written: Placed, kind: string, keys: RecipientKeys, path: Path): Placed[] | null {
    if (!isMapping(written.value)) return this.recipients(written, kind, keys, path);
    let all: Placed[] = [written];
    let isNamed = false;
    for (const key of keys.keys) {
      const child = childOf(written, key);
      const found = child === null ? null : this.recipients(child, kind, keys, [...path, key]);
      if (found === null) continue;
      isNamed = true;
      all = all.flatMap((one) => found.map((recipient) => withChild(one, key, recipient)));
    }
    return isNamed ? all : null;
  }

  /** What is in place of one recipient, or of a list of them; null where that names no audience. */
  private recipients(written: Placed, kind: string, keys: RecipientKeys, path: Path): Placed[] | null {
    const isList = Array.isArray(written.value);
    // A destination that has one recipient a delivery takes no list: its schema says so.
    if (isList && !keys.severalAtOnce) return null;
    const items = isList ? itemsOf(written) : [{ ...written, path: [] }];
    let isNamed = false;
    const all = items.flatMap(({ value, spot, path: at }) => {
      const found = spot.isInvalid ? null : this.recipient({ value, spot }, kind, keys, [...path, ...at]);
      isNamed ||= found !== null;
      return found ?? [{ value, spot }];
    });
    if (!isNamed) return null;
    return keys.severalAtOnce ? [listOf(all, written.spot)] : all;
  }

  private recipient(
    { value, spot }: Placed,
    kind: string,
    keys: RecipientKeys,
    path: Path,
  ): readonly Placed[] | null {
    const { audiences } = this;
    if (typeof value !== "string" || value === "" || keys.isRecipient(value)) return null;
    if (!audiences.has(value)) {
      if (audiences.isEmpty || keys.takesWords || value.includes("{{")) return null;
      this.note(audiences.unknown(value, path), spot);
      return [faulty(spot)];
    }
    const members = audiences.named(value);
    const found = members.get(kind);
    if (found !== undefined) return found;
    if (members.size > 0) this.note(audiences.lacking(value, kind, path, members), spot);
    return [faulty(spot)];
  }

  /** In the entry as it becomes, the word itself is found no more. */
  private note(problem: Problem, { value: range }: Spot): void {
    this.problems.push({ ...problem, range });
  }
}

/** Two audiences may lead to one place: it gets the message once. That both are written out is a mistake, and stays one. */
function once(made: readonly Made[]): Placed[] {
  const before = new Map<string, boolean>();
  return made.flatMap(({ entry, isNamed }) => {
    const identity = JSON.stringify(entry.value);
    const wasNamed = before.get(identity);
    before.set(identity, isNamed || wasNamed === true);
    const isTwice = !entry.spot.isInvalid && wasNamed !== undefined && (isNamed || wasNamed);
    return isTwice ? [] : [entry];
  });
}

function asWritten(entry: Placed): Made {
  return { entry, isNamed: false };
}

/** What is wrong with it has been said. */
function faulty(spot: Spot): Placed {
  return { value: null, spot: { ...spot, isInvalid: true, children: new Map() } };
}

function itemsOf({ value, spot }: Placed): (Placed & { path: Path })[] {
  return (Array.isArray(value) ? value : []).map((item: unknown, index) => ({
    value: item,
    spot: spot.children.get(index) ?? { ...spot, children: new Map() },
    path: [index],
  }));
}

function listOf(items: readonly Placed[], place: Spot): Placed {
  return {
    value: items.map(({ value }) => value),
    spot: {
      ...place,
      written: null,
      isInvalid: items.some(({ value, spot }) => value === null && spot.isInvalid),
      children: new Map(items.map(({ spot }, index) => [index, spot])),
    },
  };
}

function mappingOf(key: string, child: Placed, place: Spot): Placed {
  return {
    value: { [key]: child.value },
    spot: { ...place, written: null, children: new Map([[key, child.spot]]) },
  };
}
