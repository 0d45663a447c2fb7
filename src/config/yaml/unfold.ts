import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from "yaml";
import type { Path, Problem, Range } from "../../core/model/problem.ts";
import { didYouMean } from "../../core/rules/nearest.ts";
import { interpolate, type ReferenceSources } from "./interpolate.ts";
import { isAnchoredBelow, misreadOf, unquotedTemplate } from "./misread.ts";
import { rangeOf, type Spot, spot } from "./spot.ts";

const ALIASED_NODES_MAX = 500_000;
const DEPTH_MAX = 60;

export interface Unfolded {
  readonly value: unknown;
  readonly root: Spot;
}

export interface UnfoldContext {
  readonly text: string;
  /** Where it begins among the texts that are read together: what is noted of a place counts from there. */
  readonly start: number;
  readonly lines: LineCounter;
  readonly sources: ReferenceSources;
  readonly invalidLines: ReadonlySet<number>;
  /** Where what is wrong is noted. */
  readonly problems: Problem[];
  /** The same for references that lead to nothing here. */
  readonly unset: Problem[];
  /** The entries of a mapping, which a large file may still have to parse. */
  readonly pairsOf: (map: YAMLMap) => Iterable<Pair>;
}

/** Nodes to plain data and their spots, in one pass: anchors, aliases and merge keys unfold here, within limits. */
export class Unfolding {
  /** What is on the lines that have syntax errors. */
  readonly invalidPaths = new Map<number, Path>();
  private readonly anchors = new Map<string, Node>();
  private readonly open = new Set<Node>();
  private aliasedNodes = 0;
  private aliasDepth = 0;
  private readonly context: UnfoldContext;

  constructor(context: UnfoldContext) {
    this.context = context;
  }

  node(node: Node | null, path: Path, key: Range | null): Unfolded {
    if (!node) return { value: null, root: spot(this.rangeOf(null, key), key, {}) };
    if (this.aliasDepth > 0) this.aliasedNodes += 1;
    if (isAlias(node)) return this.alias(node, path, key);
    if (node.anchor !== undefined && this.aliasDepth === 0) this.anchors.set(node.anchor, node);
    if (isScalar(node)) return this.scalar(node, path, key);
    const template = unquotedTemplate(node, this.context.text);
    if (template !== null)
      return this.invalid(node, path, key, "a template has to be in quotes", `Write ${template}.`);
    if (path.length > DEPTH_MAX)
      return this.invalid(node, path, key, "the file is nested too deeply", "Use fewer levels.");
    this.open.add(node);
    const visited = isMap(node) ? this.map(node, path, key) : this.list(node, path, key);
    this.open.delete(node);
    return visited;
  }

  private list(node: Node, path: Path, key: Range | null): Unfolded {
    const values: unknown[] = [];
    const children = new Map<number, Spot>();
    for (const [index, item] of (isSeq(node) ? node.items : []).entries()) {
      const visited = this.node(item as Node | null, [...path, index], null);
      values.push(visited.value);
      children.set(index, visited.root);
    }
    return { value: values, root: spot(this.rangeOf(node, key), key, { children }) };
  }

  private map(node: YAMLMap, path: Path, key: Range | null): Unfolded {
    const values = new Map<string, unknown>();
    const children = new Map<string, Spot>();
    const merges: Pair[] = [];
    for (const pair of this.context.pairsOf(node)) {
      const name = this.keyName(pair.key as Node, path);
      if (name === null) continue;
      const range = this.rangeOf(pair.key as Node, null);
      if (name === "<<" && (pair.key as Scalar).type === "PLAIN") {
        merges.push(pair);
        continue;
      }
      if (children.has(name)) this.twice([...path, name], range, children.get(name));
      const visited = this.node(pair.value as Node | null, [...path, name], range);
      // The references of both are checked; the first one counts.
      if (children.has(name)) continue;
      values.set(name, visited.value);
      children.set(name, visited.root);
    }
    for (const pair of merges) this.merge(pair, path, values, children);
    // fromEntries makes own properties, of "__proto__" too.
    return { value: Object.fromEntries(values), root: spot(this.rangeOf(node, key), key, { children }) };
  }

  private keyName(key: Node, path: Path): string | null {
    if (isScalar(key)) return typeof key.value === "string" ? key.value : (key.source ?? String(key.value));
    this.note(
      path,
      this.rangeOf(key, null),
      "a key has to be text",
      "Put a key that starts with *, { or [ in quotes.",
    );
    return null;
  }

  private twice(path: Path, range: Range, first: Spot | undefined): void {
    const { start, lines: counter } = this.context;
    const lines = [first?.key?.[0] ?? start, range[0]].map((offset) => counter.linePos(offset - start).line);
    const isReport = path.length === 2 && path[0] === "reports";
    const where = `lines ${lines[0]} and ${lines[1]}`;
    if (isReport)
      this.note(
        path,
        range,
        `two reports are called "${path[1]}": ${where}`,
        "A report's name is its identity: rename one of them.",
      );
    else this.note(path, range, `"${path.at(-1)}" is written twice: ${where}`, "Remove one of them.");
  }

  /** `<<: *anchor` or `<<: [*a, *b]`: keys written next to it win, then the earlier of several. */
  private merge(pair: Pair, path: Path, values: Map<string, unknown>, children: Map<string, Spot>): void {
    const range = this.rangeOf(pair.key as Node, null);
    const source = this.node(pair.value as Node | null, path, range);
    for (const [index, item] of (Array.isArray(source.value) ? source.value : [source.value]).entries()) {
      const from = Array.isArray(source.value) ? source.root.children.get(index) : source.root;
      if (from?.isInvalid) continue;
      if (typeof item !== "object" || item === null || Array.isArray(item)) {
        this.note(path, range, "<< merges mappings only", "Write <<: *name, where &name marks a mapping.");
        continue;
      }
      for (const [name, value] of Object.entries(item)) {
        const child = from?.children.get(name);
        if (children.has(name) || !child) continue;
        values.set(name, value);
        children.set(name, child);
      }
    }
  }

  private alias(alias: Alias, path: Path, key: Range | null): Unfolded {
    if (this.isOnInvalidLine(alias, path))
      return { value: null, root: spot(this.rangeOf(alias, key), key, { isInvalid: true }) };
    const target = this.anchors.get(alias.source);
    if (!target) {
      if (isAnchoredBelow(alias, this.context.text))
        return this.invalid(
          alias,
          path,
          key,
          `the anchor &${alias.source} comes after its alias`,
          "Move it above this line.",
        );
      const near = didYouMean(alias.source, [...this.anchors.keys()]).trim();
      return this.invalid(
        alias,
        path,
        key,
        `there is no anchor &${alias.source} above`,
        near || "Put a value that starts with * in quotes.",
      );
    }
    if (this.open.has(target))
      return this.invalid(
        alias,
        path,
        key,
        `*${alias.source} contains itself`,
        "An anchor cannot contain its own alias.",
      );
    if (this.aliasedNodes > ALIASED_NODES_MAX)
      return this.invalid(
        alias,
        path,
        key,
        `the file's aliases unfold to more than ${ALIASED_NODES_MAX} values`,
        "Use fewer aliases of aliases.",
      );
    this.aliasDepth += 1;
    const visited = this.node(target, path, key);
    this.aliasDepth -= 1;
    return { value: visited.value, root: { ...visited.root, key } };
  }

  private scalar(node: Scalar, path: Path, key: Range | null): Unfolded {
    const written = node.source ?? String(node.value ?? "");
    const range =
      written === "" && node.type === "PLAIN" ? (key ?? this.rangeOf(node, key)) : this.rangeOf(node, key);
    const isInvalid = this.isOnInvalidLine(node, path) || this.isMisread(node, path, range);
    if (typeof node.value !== "string" || isInvalid)
      return { value: node.value, root: spot(range, key, { written, isInvalid }) };
    const { text, changed, problems } = interpolate(node.value, this.context.sources);
    for (const { message, advice, reference, isUnset = false } of problems) {
      const start = this.context.start + this.context.text.indexOf(reference, range[0] - this.context.start);
      const isInside = start >= range[0] && start < range[1];
      const at: Range = isInside ? [start, start + reference.length] : range;
      if (isUnset) this.context.unset.push({ path, message, advice, range: at });
      else this.note(path, at, message, advice);
    }
    return {
      value: text,
      root: spot(range, key, { written, isInterpolated: changed, isInvalid: problems.length > 0 }),
    };
  }

  private isMisread(node: Scalar, path: Path, range: Range): boolean {
    const misread = misreadOf(node, path, this.context.text);
    if (misread !== null) this.note(path, range, ...misread);
    return misread !== null;
  }

  private isOnInvalidLine(node: Node, path: Path): boolean {
    if (this.context.invalidLines.size === 0) return false;
    const { line } = this.context.lines.linePos(node.range?.[0] ?? 0);
    if (!this.context.invalidLines.has(line)) return false;
    this.invalidPaths.set(line, path);
    return true;
  }

  private invalid(node: Node, path: Path, key: Range | null, message: string, advice: string): Unfolded {
    const range = this.rangeOf(node, key);
    this.note(path, range, message, advice);
    return { value: null, root: spot(range, key, { isInvalid: true }) };
  }

  private rangeOf(node: Node | null, otherwise: Range | null): Range {
    return rangeOf(node, otherwise, this.context.start);
  }

  private note(path: Path, range: Range, message: string, advice: string | null): void {
    this.context.problems.push({ path, message, advice, range });
  }
}
