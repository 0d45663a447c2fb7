import type { LiquidError } from "liquidjs";
import { ReportError } from "../core/error.ts";
import type { Problem } from "../core/model/problem.ts";
import { didYouMean } from "../core/rules/nearest.ts";
import { excerptOf } from "../core/rules/redact.ts";
import { TAGS } from "./engine.ts";
import { FILTERS } from "./filters.ts";

/** Well-known filters and tags of Liquid that are not available, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  escape: "Leave it out: values are made safe for where they appear.",
  escape_once: "Leave it out: values are made safe for where they appear.",
  h: "Leave it out: values are made safe for where they appear.",
  raw: "Leave it out: a value cannot bring markup along.",
  json: "Name the value itself.",
  include: "A template cannot read other files.",
  render: "A template cannot read other files.",
  layout: "A template cannot read other files.",
};

/** liquidjs's error in the words of the file's author. */
export function inWords(error: LiquidError, text: string): Problem {
  const { originalError, token } = error;
  const range = rangeOf(token.begin, token.end, text);
  if (originalError instanceof ReportError)
    return { message: originalError.message, advice: originalError.advice, range };
  const said = (originalError?.message ?? error.message).replace(
    /, (?:file:[^\n,]*, )?line:\d+, col:\d+$/,
    "",
  );
  return { ...told(said), range };
}

function told(said: string): Problem {
  const [, filter] = /^undefined filter: (.*)$/.exec(said) ?? [];
  if (filter !== undefined) return unknownName("filter", filter, FILTERS);
  const [, tag] = /^tag "(.*)" not found$/.exec(said) ?? [];
  if (tag?.startsWith("end") || tag === "else" || tag === "elsif" || tag === "when")
    return {
      message: `{% ${tag} %} does not belong to anything`,
      advice: "Remove it, or write what it ends before it.",
    };
  if (tag !== undefined) return unknownName("tag", tag, TAGS);
  const [, variable] = /^undefined variable: (.*)$/.exec(said) ?? [];
  if (variable !== undefined) return { message: `"${variable}" is not known`, advice: null };
  const [, open] = /^(?:tag|output) "?(.*?)"? not closed$/s.exec(said) ?? [];
  if (open !== undefined) return { message: `${brief(open)} is not closed`, advice: closing(open) };
  if (/^invalid value expression/.test(said))
    return {
      message: "the template names nothing",
      advice: "Write what belongs there, as in {{ run.date }}.",
    };
  if (/limit exceeded$/.test(said))
    return { message: "the template does too much", advice: "Make it simpler: it is for a line or a few." };
  return {
    message: `the template cannot be read: ${said}`,
    advice: "Liquid is described at https://shopify.github.io/liquid/.",
  };
}

function unknownName(what: string, name: string, known: readonly string[]): Problem {
  const own = Object.hasOwn(LEFT_OUT, name) ? LEFT_OUT[name] : undefined;
  const near = didYouMean(name, known).trim();
  const shown = known.slice(0, 8).join(", ");
  return {
    message: `there is no ${what} "${name}"`,
    advice: own ?? (near === "" ? `Known are ${shown} and others: see the reference.` : near),
  };
}

function closing(open: string): string {
  const [, tag] = /^\{%-?\s*(\w+)/.exec(open) ?? [];
  if (!/%\}\s*$/.test(open)) return open.startsWith("{{") ? "Write }} after it." : "Write %} after it.";
  return `Write {% end${tag ?? ""} %} after what it applies to.`;
}

function brief(text: string): string {
  return excerptOf(text, 40);
}

function rangeOf(begin: number, end: number, text: string): Problem["range"] {
  if (!Number.isInteger(begin) || begin < 0 || begin > text.length) return undefined;
  return { text, range: [begin, Math.max(begin + 1, Math.min(end, text.length))] };
}
