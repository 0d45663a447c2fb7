import { expect, test } from "vitest";
import { ReportError } from "../../src/core/error.ts";
import type { Cell, Column, Table } from "../../src/core/model/table.ts";
import { formatNumber } from "../../src/core/rules/numbers/value-format.ts";
import { chartData } from "../../src/draw/chart/data.ts";
import { stacked } from "../../src/draw/chart/gaps.ts";
import { LETTERS, WIDTH } from "../../src/draw/chart/style.ts";
import { column, fields, measure, ruler, svgOf, table, words } from "./samples.ts";

/** Random tables through every mark: what must hold of any chart. Seeded, so that each failure can be had again. */

const ROUNDS = 100;
const MARKS = ["line", "area", "bar", "arc", "point"] as const;

type Random = () => number;

/** Numbers from 0 to 1 by a seed (mulberry32, public domain). */
function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const whole = (random: Random, most: number) => Math.floor(random() * (most + 1));
const oneOf = <T>(random: Random, all: readonly T[]): T => all[whole(random, all.length - 1)] as T;

const FORMATS = [null, "#,##0", "$#,##0.00", "0.0%", "h:mm:ss", '0.0,,"M"', '#,##0.00 "EUR"', "0"];
const NAMES = [
  "North",
  "Netherlands",
  "Netherlands Antilles",
  "A",
  "東京都",
  "ירושלים",
  "Ünïcödé-Straße 12",
  "United States of America and its outlying islands, all together",
  "x".repeat(60),
  "7",
];

function valueIn(random: Random, scale: number): number | null {
  if (random() < 0.08) return null;
  if (random() < 0.05) return 0;
  const value = (random() < 0.15 ? -1 : 1) * random() * scale;
  return random() < 0.5 ? Math.round(value) : value;
}

function placeOf(random: Random, kind: string, index: number): string {
  const at = new Date(Date.parse("2024-01-01") + index * 86_400_000);
  if (kind === "date_date") return at.toISOString().slice(0, 10);
  if (kind === "date_week") return new Date(at.getTime() + 6 * index * 86_400_000).toISOString().slice(0, 10);
  if (kind === "date_month")
    return `${2020 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}`;
  if (kind === "date_quarter") return `${2000 + Math.floor(index / 4)}-Q${(index % 4) + 1}`;
  if (kind === "date_year") return String(1900 + index);
  return `${oneOf(random, NAMES)}${index > 8 ? ` ${index}` : ""}`;
}

const X_KINDS = [
  "date_date",
  "date_week",
  "date_month",
  "date_quarter",
  "date_year",
  "string",
  "string",
  "number",
];

/** A value as Looker would write it. */
function cellOf(value: number | null, format: string | null): Cell {
  if (value === null) return { value, rendered: "" };
  const written = format === null ? null : formatNumber(value, format);
  return { value, rendered: written ?? String(value) };
}

function tableOf(random: Random): Table {
  const kind = oneOf(random, X_KINDS);
  const named = column("o.x", oneOf(random, NAMES), { type: kind });
  const x: Column = kind === "number" ? measure("o.x", "Distance", null, "sum") : named;
  const format = oneOf(random, FORMATS);
  const scale = 10 ** (whole(random, 14) - 3);
  const base = random() < 0.2 ? scale * 1000 : 0;
  const places = 1 + whole(random, oneOf(random, [1, 6, 20, 120]));
  const series = Array.from({ length: oneOf(random, [1, 1, 2, 3, 5, 8, 12]) }, (_, index) => index);
  const cells = (place: number, one: number): Cell[] => {
    const value = valueIn(random, scale);
    const across = valueIn(random, scale) ?? 1;
    const at = kind === "number" ? cellOf(across, null) : words(placeOf(random, kind, place));
    return [
      at,
      words(`${NAMES[one % NAMES.length]} ${one}`),
      cellOf(value === null ? null : value + base, format),
    ];
  };
  const rows = Array.from({ length: places }, (_, place) =>
    series.flatMap((one) => (random() < 0.1 ? [] : [cells(place, one)])),
  ).flat();
  return table([x, column("o.s", "Series"), measure("o.y", "Amount of it", format, "sum")], rows);
}

interface Box {
  readonly words: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** It is turned by so many degrees around the origin: its edges are those before. */
  readonly angle: number;
}

/** A point turned around the origin. */
function turned(x: number, y: number, degrees: number): { readonly x: number; readonly y: number } {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return { x: x * cos - y * sin, y: x * sin + y * cos };
}

/** Where each text is drawn, by the letters' own widths. */
function boxesOf(svg: string): Box[] {
  let down = 0;
  const boxes: Box[] = [];
  for (const [, group, attributes = "", escaped = ""] of svg.matchAll(
    /<g transform="translate\(0 ([\d.-]+)\)">|<text ([^>]*)>([^<]*)</g,
  )) {
    if (group !== undefined) {
      down = Number(group);
      continue;
    }
    const of = (name: string) => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
    const text = escaped.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
    const width = ruler(text, of("font-weight") === "600");
    const start = { start: 0, middle: width / 2, end: width }[of("text-anchor")] ?? 0;
    const angle = Number(/rotate\(([-\d.]+)/.exec(of("transform"))?.[1] ?? 0);
    const foot = turned(Number(of("x")), Number(of("y")) + down, -angle);
    const left = foot.x - start;
    const [top, bottom] = [foot.y - 0.7 * LETTERS, foot.y + 0.05 * LETTERS];
    boxes.push({ words: text, left, right: left + width, top, bottom, angle });
  }
  return boxes;
}

function faultsOf(svg: string): string[] {
  const faults: string[] = [];
  if (/NaN|Infinity|undefined|null/.test(svg.replace(/>[^<]*</g, "><"))) faults.push("a number that is none");
  const height = Number(/height="([\d.]+)"/.exec(svg)?.[1]);
  const boxes = boxesOf(svg).filter(({ words: text }) => text.trim() !== "");
  for (const { words: text, left, right, top, bottom, angle } of boxes) {
    const corners = [left, right].flatMap((x) => [top, bottom].map((y) => turned(x, y, angle)));
    const isInside = corners.every(({ x, y }) => x >= -1 && x <= WIDTH + 1 && y >= -1 && y <= height + 1);
    if (!isInside)
      faults.push(
        `"${text}" leaves the picture: ${corners.map(({ x, y }) => `${x.toFixed(0)},${y.toFixed(0)}`).join(" ")} of ${height}`,
      );
  }
  boxes.forEach((a, index) => {
    for (const b of boxes.slice(index + 1).filter(({ angle }) => angle === a.angle)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 1) faults.push(`"${a.words}" is over "${b.words}"`);
    }
  });
  return faults;
}

test.each(MARKS)("%s: no number that is none, no text outside the picture, none over another", (mark) => {
  const faults: string[] = [];
  for (let seed = 1; seed <= ROUNDS; seed += 1) {
    const random = randomOf(seed * 7919 + mark.length);
    const of = tableOf(random);
    const color = random() < 0.6 ? "o.s" : null;
    try {
      const svg = svgOf(fields(mark, "o.x", "o.y", color), of);
      faults.push(...faultsOf(svg).map((fault) => `seed ${seed}: ${fault}`));
    } catch (thrown) {
      if (!(thrown instanceof ReportError)) throw thrown;
    }
  }
  expect(faults).toEqual([]);
});

test("a stack is as high as the sum of what it is made of", () => {
  for (let seed = 1; seed <= ROUNDS; seed += 1) {
    const of = tableOf(randomOf(seed));
    const names = new Set(of.rows.map((row) => row[1]?.rendered));
    if (names.size > 8 || of.columns[0]?.type === "sum") continue;
    const data = chartData(of, fields("area", "o.x", "o.y", "o.s"));
    const drawn = stacked(data).series.flatMap(({ points }) => points.map(({ value }) => value ?? 0));
    const known = of.rows.map((row) => Number(row[2]?.value ?? 0));
    const sum = (all: readonly number[]) => all.reduce((total, value) => total + value, 0);
    const size = sum(known.map(Math.abs));
    expect(Math.abs(sum(drawn) - sum(known))).toBeLessThanOrEqual(1e-9 * size);
  }
});
