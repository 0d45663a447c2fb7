import { type Path, type Problem, problemAt, type Range } from "../../core/model/problem.ts";
import { didYouMean } from "../../core/rules/nearest.ts";
import { isMapping, typeName } from "../problems/value.ts";
import { childOf, laidOver, type Placed, withChild } from "./placed.ts";

/** A base may have bases of its own, down to here. */
const DEPTH_MAX = 5;

/** A base that is named, and where: in the whole of a report the name itself is found no more. */
interface Named {
  readonly name: string;
  readonly at: Path;
  readonly range: Range;
}

interface Resolved {
  /** Null where it cannot be used. */
  readonly placed: Placed | null;
  /** Itself and those below it. */
  readonly depth: number;
}

/** The `bases` of a file: each is laid over its own once, however many reports extend it. */
export class Bases {
  /** What is wrong with those that are used. */
  readonly problems: Problem[] = [];
  private readonly bases: Placed | null;
  private readonly choices: readonly (readonly string[])[];
  private readonly used: Set<number>;
  private readonly resolved = new Map<string, Resolved>();
  /** Those that are being laid over theirs: they lead to what is looked at. */
  private readonly open: string[] = [];

  /** `choices`: groups of words of which a mapping has one. `used`: where those that are used are written, for all files together. */
  constructor(bases: Placed | null, choices: readonly (readonly string[])[], used: Set<number>) {
    this.bases = bases;
    this.choices = choices;
    this.used = used;
  }

  /** The report at `path` laid over what it extends: of several bases each over those named before it. What is wrong with that is added to `problems`. */
  under(report: Placed, path: Path, problems: Problem[]): Placed {
    return this.lay(report, path, problems).placed;
  }

  /** That a base is of no use is worth knowing. To be asked once all reports of all files have been laid over theirs. */
  notes(): Problem[] {
    const unused = [...(this.bases?.spot.children ?? [])].filter(
      ([, { key }]) => !this.used.has(key?.[0] ?? -1),
    );
    return unused.map(([name]) => ({
      ...problemAt(
        ["bases", name],
        `no report extends "${name}"`,
        "Remove it, or write extends in a report.",
        "key",
      ),
      isNote: true,
    }));
  }

  private lay(holder: Placed, path: Path, problems: Problem[]): { placed: Placed; depth: number } {
    const written = childOf(holder, "extends");
    if (written === null) return { placed: holder, depth: 0 };
    let under: Placed | null = null;
    let depth = 0;
    for (const named of namesIn(written, [...path, "extends"], problems)) {
      const base = this.base(named, problems);
      if (base.placed === null) continue;
      depth = Math.max(depth, base.depth);
      under = under === null ? base.placed : laidOver(base.placed, under, this.choices);
    }
    const own = withChild(holder, "extends", null);
    return { placed: under === null ? own : laidOver(own, under, this.choices), depth };
  }

  private base(named: Named, problems: Problem[]): Resolved {
    const { name, at, range } = named;
    const nothing = { placed: null, depth: 0 };
    if (this.open.includes(name)) {
      const way = [...this.open.slice(this.open.indexOf(name)), name].join(" extends ");
      problems.push(
        problemAt(at, `these bases extend each other: ${way}`, "Remove one of these extends.", range),
      );
      return nothing;
    }
    const before = this.resolved.get(name);
    if (before !== undefined) return before;
    const base = this.bases === null ? null : childOf(this.bases, name);
    if (base === null) {
      problems.push(this.unknown(named));
      return nothing;
    }
    this.used.add(base.spot.key?.[0] ?? -1);
    this.open.push(name);
    const resolved = this.resolve(base, name);
    this.open.pop();
    this.resolved.set(name, resolved);
    return resolved;
  }

  private resolve(base: Placed, name: string): Resolved {
    const path = ["bases", name];
    if (base.spot.isInvalid) return { placed: null, depth: 1 };
    if (!isMapping(base.value)) {
      const message = `a base has to be a mapping; it is ${typeName(base.value)}`;
      const advice = "Write below its name what its reports share, indented.";
      this.problems.push(problemAt(path, message, advice));
      return { placed: null, depth: 1 };
    }
    // A chain of thousands is not followed to its end.
    if (this.open.length > DEPTH_MAX) return this.tooDeep(`: ${this.open.join(" extends ")}`);
    const { placed, depth } = this.lay(base, path, this.problems);
    return depth < DEPTH_MAX ? { placed, depth: depth + 1 } : this.tooDeep(` below ${name}`);
  }

  /** Told at the first of those that are open. */
  private tooDeep(words: string): Resolved {
    const path = ["bases", this.open[0] ?? "", "extends"];
    const message = `bases are nested more than ${DEPTH_MAX} deep${words}`;
    this.problems.push(problemAt(path, message, "Put what they say into fewer bases."));
    return { placed: null, depth: 0 };
  }

  private names(): string[] {
    return [...(this.bases?.spot.children.keys() ?? [])].map(String);
  }

  private unknown({ name, at, range }: Named): Problem {
    const known = this.names();
    const advice =
      known.length === 0
        ? `Write it at the top level of the file: bases: { ${name}: {…} }.`
        : didYouMean(name, known).trim() || `Known here: ${known.join(", ")}.`;
    return problemAt(at, `there is no base "${name}"`, advice, range);
  }
}

function namesIn({ value, spot }: Placed, path: Path, problems: Problem[]): Named[] {
  const entries = Array.isArray(value)
    ? value.map((name: unknown, index) => ({ name, spot: spot.children.get(index), at: [...path, index] }))
    : [{ name: value, spot, at: path }];
  return entries.flatMap(({ name, spot: own, at }) => {
    if (own === undefined || own.isInvalid) return [];
    if (typeof name === "string" && name !== "") return [{ name, at, range: own.value }];
    const message = `extends names a base; it is ${typeName(name)}`;
    problems.push(problemAt(at, message, "Write the name of one of bases, or a list of names.", own.value));
    return [];
  });
}
