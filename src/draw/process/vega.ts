import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { ReportError } from "../../core/error.ts";
import type { Hex } from "../../core/rules/brand/colour.ts";
import { excerptOf } from "../../core/rules/redact.ts";
import type { ChartData } from "../chart/data.ts";
import { configOf, DENSITY } from "../chart/style.ts";
import { chartSvg } from "../layout/chart-svg.ts";
import { type Fonts, rulerOf } from "./fonts.ts";
import { type Drawn, rasterised, svgText } from "./raster.ts";

/** Vega-Lite to SVG to PNG, without a canvas, a browser or a network. */
export interface PngRenderer {
  /**
   * Null for a chart without a single mark. Throws ReportError `config` if the spec does not compile. `labels`: of
   * fields, by their names.
   */
  chart(spec: unknown, labels: Readonly<Record<string, string>>, accent?: Hex): Promise<Drawn | null>;
  /** Throws as `chart` does. */
  check(spec: unknown): Promise<void>;
  /** A chart of ours, which needs no spec. */
  fields(data: ChartData, title: string): Drawn;
  svg(svg: string, density: number): Drawn;
}

export function openPngRenderer(fonts: Fonts): PngRenderer {
  measureWith(fonts);
  return {
    async chart(spec, labels, accent) {
      const svg = await drawnOr(async () => {
        const { compiled, trouble } = compiledSpec(spec, labels, accent);
        const options = { renderer: "none", loader: NO_LOADER, logger: trouble.logger } as const;
        const view = new vega.View(vega.parse(compiled), options);
        try {
          const drawn = await view.toSVG();
          // Its types do not have `root`.
          const { root } = view.scenegraph() as unknown as { readonly root: Scene };
          return hasMark(root) ? drawn : null;
        } finally {
          view.finalize();
          trouble.throwIfAny();
        }
      });
      return svg === null ? null : rasterised(svgText(svg), DENSITY, fonts);
    },
    async check(spec) {
      await drawnOr(async () => vega.parse(compiledSpec(spec, {}).compiled));
    },
    fields: (data, title) => rasterised(svgText(chartSvg(data, { title }, rulerOf(fonts))), DENSITY, fonts),
    svg: (svg, density) => rasterised(svg, density, fonts),
  };
}

/** Of Vega's scenegraph: a mark with its items, or an item with the marks within it. */
interface Scene {
  readonly marktype?: string;
  /** "mark" for what shows data; axes, legends and titles have names of their own. */
  readonly role?: string;
  readonly items?: readonly Scene[];
}

function hasMark(scene: Scene): boolean {
  const { marktype, role, items = [] } = scene;
  if (role === "mark" && marktype !== "group" && items.length > 0) return true;
  return items.some(hasMark);
}

/** Without a canvas Vega only guesses how wide texts are, and they overlap or are too far apart. */
function measureWith(fonts: Fonts): void {
  interface TextItem {
    readonly fontSize?: number;
    readonly fontWeight?: number | string;
    /** Longer words are cut to it. */
    readonly limit?: number;
  }
  // Its types do not have it.
  const { textMetrics } = vega as unknown as {
    textMetrics: { width(item: TextItem, text: unknown): number };
  };
  textMetrics.width = (item, text) => {
    const isBold = Number(item.fontWeight) >= 600 || item.fontWeight === "bold";
    const width = fonts.width(String(text ?? ""), item.fontSize ?? 11, isBold);
    return item.limit !== undefined && item.limit > 0 ? Math.min(width, item.limit) : width;
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error("nothing is loaded"));
}

/** Nothing is ever loaded, whatever a spec says. */
const NO_LOADER = {
  load: refuse,
  sanitize: refuse,
  http: refuse,
  file: refuse,
  fileAccess: false,
} as unknown as vega.Loader;

function compiledSpec(spec: unknown, labels: Readonly<Record<string, string>>, accent?: Hex) {
  const trouble = troubleTold();
  const { spec: compiled } = compile(spec as TopLevelSpec, {
    config: configOf(accent),
    logger: trouble.logger,
    // The label of a field, in place of "flights.count".
    fieldTitle: (field) => {
      const name = String("field" in field && typeof field.field === "string" ? field.field : "").replaceAll(
        "\\",
        "",
      );
      return labels[name] ?? name;
    },
  });
  trouble.throwIfAny();
  const refusal = fileRefusal(compiled);
  if (refusal !== null) throw notCompiled(refusal);
  return { compiled, trouble };
}

/** Anything that Vega throws is a problem of the spec. */
async function drawnOr<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof ReportError) throw thrown;
    throw notCompiled(thrown instanceof Error ? thrown.message : String(thrown), thrown);
  }
}

/** Why a compiled Vega spec is not drawn: it would load something. Null where it would not. */
function fileRefusal(compiled: unknown): string | null {
  if (Array.isArray(compiled)) {
    for (const item of compiled) {
      const refusal = fileRefusal(item);
      if (refusal !== null) return refusal;
    }
    return null;
  }
  if (typeof compiled !== "object" || compiled === null) return null;
  if ("url" in compiled && !("values" in compiled)) return "it names a URL, and nothing is fetched";
  if ("type" in compiled && compiled.type === "image") return "it has an image mark, and nothing is fetched";
  return fileRefusal(Object.entries(compiled).flatMap(([key, value]) => (key === "values" ? [] : [value])));
}

function notCompiled(why: string, cause?: unknown): ReportError {
  const short = excerptOf(why.replace(/\s+/g, " ").trim(), 300);
  return new ReportError(
    `The chart's Vega-Lite spec cannot be drawn: ${short}${/[.!]$/.test(short) ? "" : "."}`,
    {
      code: "config",
      advice: "Try the spec in the Vega editor (https://vega.github.io/editor) with some rows of the result.",
      cause,
    },
  );
}

/** Warnings that mean that a part of the spec is ignored, which no one would notice in the picture. */
const MEANS_LOSS =
  /invalid|not valid|dropped|dropping|unknown|unrecogni[sz]ed|incompatible|does not support|not supported|cannot|nothing is loaded|missing/i;

function troubleTold() {
  const messages: string[] = [];
  const logger: vega.LoggerInterface = {
    level: () => logger,
    warn: (...words) => {
      const message = words.map(String).join(" ");
      if (MEANS_LOSS.test(message)) messages.push(message);
      return logger;
    },
    error: (...words) => {
      messages.push(words.map((word) => (word instanceof Error ? word.message : String(word))).join(" "));
      return logger;
    },
    info: () => logger,
    debug: () => logger,
  } as vega.LoggerInterface;
  return {
    logger,
    throwIfAny() {
      const [first] = messages;
      if (first !== undefined) throw notCompiled(first);
    },
  };
}
