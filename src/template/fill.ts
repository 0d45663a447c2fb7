import { LiquidError } from "liquidjs";
import { ReportError } from "../core/error.ts";
import { type Fill, isTemplate, type TextForm } from "../core/ports/template.ts";
import { excerptOf } from "../core/rules/redact.ts";
import { parseTemplate, renderTemplate } from "./engine.ts";
import { scopeOf } from "./scope.ts";
import { inWords } from "./words.ts";

/** Loading this file loads Liquid. */
export function openFill(): Fill {
  return (text, values, form) => {
    if (!isTemplate(text)) return text;
    const filled = finished(rendered(text, form, scopeOf(values)), form);
    if (form === "line" && filled === "")
      throw failed(
        text,
        "it comes out empty",
        'Give what may be empty a default: {{ report.owner | default: "no owner" }}.',
      );
    return filled;
  };
}

function rendered(text: string, form: TextForm, scope: object): string {
  try {
    return renderTemplate(parseTemplate(text, form), form, scope);
  } catch (thrown) {
    // Not of the template: a fault of ours, or a machine that has run out of something.
    if (!LiquidError.is(thrown) && !(thrown instanceof ReportError)) throw thrown;
    const { message, advice } = LiquidError.is(thrown) ? inWords(thrown, text) : thrown;
    throw failed(text, message, advice ?? "", thrown);
  }
}

/** A heading is one line without direction marks; no text has control characters or lone surrogates. */
function finished(text: string, form: TextForm): string {
  const clean = text.toWellFormed().replaceAll(/[^\P{Cc}\n\t]/gu, form === "line" ? " " : "");
  if (form !== "line") return clean;
  return clean
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

function failed(text: string, why: string, advice: string, cause?: unknown): ReportError {
  const shown = excerptOf(text, 80);
  return new ReportError(`The template "${shown}" could not be filled: ${why}.`, {
    code: "config",
    advice: advice || "Correct it in reports.yaml; `lookpost check` tells more.",
    cause,
  });
}
