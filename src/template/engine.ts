import { Liquid, type Template } from "liquidjs";
import { ReportError } from "../core/error.ts";
import type { TextForm } from "../core/ports/template.ts";
import { setFilters } from "./filters.ts";

/** A template is a line or a letter, not a program: these are its limits. */
const TEMPLATE_CHARACTERS_MAX = 20_000;
/** The memory limit ends loops; this is for a machine under heavy load. */
const RENDER_MS_MAX = 10_000;
/** Characters and list entries made while rendering. */
const MEMORY_MAX = 200_000;
const OUTPUT_CHARACTERS_MAX = 100_000;

/** Liquid's tags without those that read other files, make HTML or leave Liquid. */
export const TAGS = [
  "assign",
  "break",
  "capture",
  "case",
  "comment",
  "continue",
  "cycle",
  "decrement",
  "echo",
  "for",
  "if",
  "increment",
  "liquid",
  "raw",
  "unless",
  "#",
];

const engines = new Map<TextForm, Liquid>();
const parsed = new Map<string, Template[]>();
/** The same few templates are filled again and again. */
const PARSED_MAX = 1_000;

/** Throws liquidjs's errors, whose token says where, or a ReportError for one that is too long. */
export function parseTemplate(text: string, form: TextForm): Template[] {
  const name = `${form} ${text}`;
  const known = parsed.get(name);
  if (known !== undefined) return known;
  if (text.length > TEMPLATE_CHARACTERS_MAX)
    throw new ReportError(`it has more than ${TEMPLATE_CHARACTERS_MAX} characters`, {
      code: "config",
      advice: "Make it shorter.",
    });
  const template = engineFor(form).parse(text);
  if (parsed.size >= PARSED_MAX) parsed.clear();
  parsed.set(name, template);
  return template;
}

/** Throws liquidjs's errors, with what a filter of ours threw as their originalError, or a ReportError for a text that is too long. */
export function renderTemplate(template: Template[], form: TextForm, scope: object): string {
  const text = String(engineFor(form).renderSync(template, scope));
  if (text.length > OUTPUT_CHARACTERS_MAX)
    throw new ReportError(`it comes out longer than ${OUTPUT_CHARACTERS_MAX} characters`, {
      code: "config",
      advice: "Make it shorter.",
    });
  return text;
}

function engineFor(form: TextForm): Liquid {
  const known = engines.get(form);
  if (known !== undefined) return known;
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    // Nothing is read from disk, and the tags for it are removed.
    templates: {},
    renderLimit: RENDER_MS_MAX,
    memoryLimit: MEMORY_MAX,
    outputEscape: ESCAPES[form],
  });
  setFilters(engine);
  for (const name of Object.keys(engine.tags)) if (!TAGS.includes(name)) delete engine.tags[name];
  Object.setPrototypeOf(engine.tags, null);
  engines.set(form, engine);
  return engine;
}

const ESCAPES: Readonly<Record<TextForm, (value: unknown) => string>> = {
  line: textOf,
  plain: textOf,
  markdown: (value) => markdownOf(textOf(value)),
};

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(textOf).join("");
  return String(value);
}

/**
 * A value as plain text within CommonMark: on one line, with a backslash before every character that could begin markup
 * (https://spec.commonmark.org/0.31.2/#backslash-escapes).
 */
function markdownOf(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\`*_[\]<>#&|~]/g, "\\$&")
    .replace(/^( ?)([-+=]|\d+(?=[.)]))/, (_, blank: string, mark: string) =>
      /\d/.test(mark) ? `${blank}${mark}\\` : `${blank}\\${mark}`,
    );
}
