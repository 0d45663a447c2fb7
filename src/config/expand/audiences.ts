import { type Path, type Problem, problemAt } from "../../core/model/problem.ts";
import { didYouMean } from "../../core/rules/nearest.ts";
import { listed } from "../../core/rules/quantity.ts";
import type { DestinationWord } from "../language.ts";
import { isMapping, oneOf, typeName } from "../problems/value.ts";
import { childOf, type Placed } from "./placed.ts";

/** What an audience comes to: for each kind of destination its recipients, each with the place where it is written. */
export type Members = ReadonlyMap<string, readonly Placed[]>;

const NONE: Members = new Map();
/** One message goes to at most 500 recipients; an audience may serve several. */
const MEMBERS_MAX = 5_000;
const DEPTH_MAX = 20;

/** The `audiences` of a file: each is followed to its recipients once, however many reports name it. */
export class Audiences {
  /** What is wrong with them. */
  readonly problems: Problem[] = [];
  readonly destinations: readonly DestinationWord[];
  private readonly audiences: Placed | null;
  private readonly used: Set<number>;
  private readonly resolved = new Map<string, Members>();
  private readonly open: string[] = [];

  /** `used`: where those that are used are written, for all files together. */
  constructor(audiences: Placed | null, destinations: readonly DestinationWord[], used: Set<number>) {
    this.audiences = audiences;
    this.destinations = destinations;
    this.used = used;
  }

  /** None has been named: no word can be one. */
  get isEmpty(): boolean {
    return this.audiences === null || this.audiences.spot.children.size === 0;
  }

  has(name: string): boolean {
    return this.audiences?.spot.children.has(name) ?? false;
  }

  /** The recipients of one that exists, which a report names. */
  named(name: string): Members {
    this.markUsed(name);
    return this.members(name);
  }

  unknown(name: string, at: Path): Problem {
    const known = this.names().filter((one) => !this.open.includes(one));
    const advice =
      didYouMean(name, known).trim() ||
      (known.length === 0
        ? `Write an address, or name its recipients once: audiences: { ${name}: [ana@example.com] }.`
        : `Write an address, or one of: ${listed(known, 10)}.`);
    return problemAt(at, `there is no audience "${name}"`, advice);
  }

  /** Also those that no report names are looked at. */
  followAll(): void {
    for (const name of this.names()) this.members(name);
  }

  /** That no report names one. To be asked once all reports of all files have been read. */
  notes(): Problem[] {
    const unused = this.names().filter((name) => !this.used.has(this.startOf(name)));
    return unused.map((name) => ({
      ...problemAt(
        ["audiences", name],
        `no report goes to the audience "${name}"`,
        "Remove it, or deliver to it.",
        "key",
      ),
      isNote: true,
    }));
  }

  private names(): string[] {
    return [...(this.audiences?.spot.children.keys() ?? [])].map(String);
  }

  private startOf(name: string): number {
    return this.audiences?.spot.children.get(name)?.key?.[0] ?? -1;
  }

  private markUsed(name: string): void {
    const start = this.startOf(name);
    if (this.used.has(start)) return;
    this.used.add(start);
    for (const inner of this.namesBelow(name)) this.markUsed(inner);
  }

  private namesBelow(name: string): string[] {
    const written = this.audiences === null ? null : childOf(this.audiences, name);
    const texts = (value: unknown): unknown[] =>
      Array.isArray(value)
        ? value.flatMap(texts)
        : isMapping(value)
          ? Object.values(value).flatMap(texts)
          : [value];
    return texts(written?.value).filter((text): text is string => typeof text === "string" && this.has(text));
  }

  private members(name: string): Members {
    const before = this.resolved.get(name);
    if (before !== undefined) return before;
    const written = this.audiences === null ? null : childOf(this.audiences, name);
    if (written === null || written.spot.isInvalid) return NONE;
    this.open.push(name);
    const members = this.follow(written, ["audiences", name]);
    this.open.pop();
    this.resolved.set(name, members);
    return members;
  }

  private follow(written: Placed, path: Path): Members {
    const found = new Map<string, Placed[]>();
    if (isMapping(written.value)) {
      for (const kind of Object.keys(written.value)) {
        const child = childOf(written, kind);
        if (child === null || child.spot.isInvalid) continue;
        if (!this.destinations.some((word) => word.kind === kind))
          this.problems.push(this.noKind(kind, [...path, kind]));
        else this.addAll(child, [...path, kind], kind, found);
      }
    } else this.addAll(written, path, null, found);
    const count = [...found.values()].reduce((sum, { length }) => sum + length, 0);
    if (count === 0 && this.problems.length === 0)
      this.problems.push(
        problemAt(
          path,
          `the audience "${path[1]}" is empty`,
          "Write its recipients: [ana@example.com].",
          "key",
        ),
      );
    if (count <= MEMBERS_MAX) return found;
    const message = `the audience "${path[1]}" has more than ${MEMBERS_MAX} recipients`;
    this.problems.push(problemAt(path, message, "Use a mailing list.", "key"));
    return NONE;
  }

  private addAll(written: Placed, path: Path, kind: string | null, found: Map<string, Placed[]>): void {
    if (!Array.isArray(written.value)) this.add(written, path, kind, found);
    else
      for (const [index, value] of written.value.entries()) {
        const spot = written.spot.children.get(index);
        if (spot !== undefined && !spot.isInvalid) this.add({ value, spot }, [...path, index], kind, found);
      }
  }

  /** One recipient, or another audience: of that, those of `kind`, or all. */
  private add(one: Placed, path: Path, kind: string | null, found: Map<string, Placed[]>): void {
    const { value } = one;
    const word = this.destinations.find((each) => each.kind === kind);
    if (word !== undefined && word.recipients === undefined) push(found, word.kind, [one]);
    else if (typeof value !== "string") this.problems.push(wrongMember(value, path));
    else if (this.has(value)) this.addNested(value, path, kind, found);
    else {
      const isOne = word?.recipients?.isRecipient(value) || word?.recipients?.takesWords;
      const meant = isOne ? word : this.destinations.find(({ recipients }) => recipients?.isRecipient(value));
      // Under a kind of its own, a recipient of another is not one.
      if (meant === undefined || (word !== undefined && meant !== word))
        this.problems.push(this.unknown(value, path));
      else push(found, meant.kind, [one]);
    }
  }

  private addNested(name: string, path: Path, kind: string | null, found: Map<string, Placed[]>): void {
    const members = this.below(name, path);
    for (const [each, recipients] of members)
      if (kind === null || each === kind) push(found, each, recipients);
    if (kind !== null && members.size > 0 && !members.has(kind))
      this.problems.push(this.lacking(name, kind, path, members));
  }

  private below(name: string, path: Path): Members {
    if (this.open.includes(name)) {
      const way = [...this.open.slice(this.open.indexOf(name)), name].join(" has ");
      const message =
        name === this.open.at(-1)
          ? `the audience "${name}" has itself`
          : `these audiences have each other: ${way}`;
      this.problems.push(problemAt(path, message, "Remove one of them."));
      return NONE;
    }
    if (this.open.length <= DEPTH_MAX) return this.members(name);
    this.problems.push(
      problemAt(path, `audiences are nested more than ${DEPTH_MAX} deep`, "Use fewer levels."),
    );
    return NONE;
  }

  /** The audience has recipients, and none of this kind. */
  lacking(name: string, kind: string, path: Path, members: Members): Problem {
    const kinds = [...members.keys()];
    return problemAt(
      path,
      `the audience "${name}" has no ${kind} recipients`,
      `It has ${listed(kinds)}: add ${kind} to it, or write ${kinds[0]}: ${name} in an entry of its own.`,
    );
  }

  private noKind(kind: string, path: Path): Problem {
    const kinds = this.destinations.map((word) => word.kind);
    return problemAt(
      path,
      `"${kind}" is not a destination`,
      didYouMean(kind, kinds).trim() || `An audience is a list of recipients, or has ${oneOf(kinds)}.`,
      "key",
    );
  }
}

/** Someone who is in it twice is in it once. */
function push(found: Map<string, Placed[]>, kind: string, recipients: readonly Placed[]): void {
  const all = found.get(kind) ?? [];
  const known = new Set(all.map(nameOf));
  found.set(kind, [...all, ...recipients.filter((one) => !known.has(nameOf(one)))]);
}

/** What tells one recipient from another. */
export function nameOf({ value }: Placed): string {
  return typeof value === "string" ? value.trim().toLowerCase() : JSON.stringify(value);
}

function wrongMember(value: unknown, path: Path): Problem {
  return problemAt(
    path,
    `a recipient is text; it is ${typeName(value)}`,
    'Write an address, a channel ("#flight-ops"), or the name of another audience.',
  );
}
