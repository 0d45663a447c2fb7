import type { Field, Value } from "./model/field.ts";

/** The named formats of LookML that this model uses (`value_format_name`). */
const NAMED: Readonly<Record<string, string>> = {
  id: "0",
  decimal_0: "#,##0",
  decimal_1: "#,##0.0",
  decimal_2: "#,##0.00",
  decimal_3: "#,##0.000",
  decimal_4: "#,##0.0000",
  percent_0: "#,##0%",
  percent_1: "#,##0.0%",
  percent_2: "#,##0.00%",
  usd: "$#,##0.00",
  usd_0: "$#,##0",
  eur: "€#,##0.00",
  eur_0: "€#,##0",
  gbp: "£#,##0.00",
  gbp_0: "£#,##0",
};

/** From here on a few units in the last place are a visible amount. */
const NUDGED_BELOW = 2 ** 45;

interface Section {
  condition: ((value: number) => boolean) | null;
  prefix: string;
  suffix: string;
  integerDigits: number;
  decimalsMin: number;
  decimalsMax: number;
  grouped: boolean;
  scale: number;
  hasDigits: boolean;
}

export type Render = (value: Value) => string;

/**
 * What Looker shows for the values of a field with formatting applied: numbers by the field's value format, and
 * without one by Looker's default number format (1,234.56). Null is shown as nothing.
 */
export function renderOf(
  field: Pick<Field, "isNumeric" | "valueFormat" | "valueFormatName" | "type">,
): Render {
  if (field.type === "date_quarter") return renderQuarter;
  const pattern = valueFormatOf(field);
  if (!field.isNumeric && pattern === null) return (value) => (value === null ? "" : String(value));
  const format = parseFormat(pattern ?? "#,##0.##");
  return (value) => {
    if (value === null) return "";
    return typeof value === "number" ? format(value) : String(value);
  };
}

export function valueFormatOf(field: Pick<Field, "valueFormat" | "valueFormatName">): string | null {
  return (
    field.valueFormat ?? (field.valueFormatName === null ? null : (NAMED[field.valueFormatName] ?? null))
  );
}

function renderQuarter(value: Value): string {
  if (value === null) return "";
  const [year, month] = String(value).split("-");
  return `${year}-Q${Math.ceil(Number(month) / 3)}`;
}

/** Excel's number formats as far as value formats use them: sections, 0 # , . % scaling commas, "text" and \x. */
export function parseFormat(pattern: string): (value: number) => string {
  const sections = splitSections(pattern).map(parseSection);
  const [positive, negative, zero] = sections.filter((section) => section.condition === null);
  return (value) => {
    const conditional = sections.find((section) => section.condition?.(value));
    if (conditional !== undefined) return formatNumber(value, conditional);
    // With a section of its own, a negative number shows no sign but what that section writes.
    if (value < 0 && negative !== undefined) return formatNumber(-value, negative);
    const section = value === 0 && zero !== undefined ? zero : (positive ?? sections.at(-1));
    return section === undefined ? String(value) : formatNumber(value, section);
  };
}

function splitSections(pattern: string): string[] {
  return pattern.match(/(?:"[^"]*"|\\.|[^;"\\])+/g) ?? [];
}

function parseSection(text: string): Section {
  const condition = /^\[(<=|>=|<>|<|>|=)(-?[\d.]+)\]/.exec(text);
  const tokens = text.slice(condition?.[0].length ?? 0).match(/"[^"]*"|\\.|\[[^\]]*\]|[\s\S]/g) ?? [];
  let prefix = "";
  let suffix = "";
  let digits = "";
  let percent = false;
  for (const token of tokens) {
    if (token.startsWith("[")) continue;
    if (/^[0#.,]$/.test(token) && suffix === "") {
      digits += token;
      continue;
    }
    percent ||= token === "%";
    const literal = token.startsWith('"')
      ? token.slice(1, -1)
      : token.startsWith("\\")
        ? token.slice(1)
        : token;
    if (digits === "") prefix += literal;
    else suffix += literal;
  }
  const scaling = /,+$/.exec(digits.replace(/\..*$/, (rest) => rest.replace(/[0#]/g, "")))?.[0].length ?? 0;
  const [whole = "", decimals = ""] = digits.replace(/,+$/, "").split(".");
  return {
    condition: condition === null ? null : comparison(condition[1] ?? "", Number(condition[2])),
    prefix,
    suffix,
    integerDigits: whole.replace(/[^0]/g, "").length,
    decimalsMin: decimals.replace(/[^0]/g, "").length,
    decimalsMax: decimals.replace(/[^0#]/g, "").length,
    grouped: whole.includes(","),
    scale: (percent ? 100 : 1) / 1000 ** scaling,
    hasDigits: digits !== "",
  };
}

function comparison(operator: string, limit: number): (value: number) => boolean {
  switch (operator) {
    case "<":
      return (value) => value < limit;
    case "<=":
      return (value) => value <= limit;
    case ">":
      return (value) => value > limit;
    case ">=":
      return (value) => value >= limit;
    case "=":
      return (value) => value === limit;
    default:
      return (value) => value !== limit;
  }
}

function formatNumber(value: number, section: Section): string {
  if (!section.hasDigits) return section.prefix + section.suffix;
  const { decimalsMax } = section;
  const shift = 10 ** decimalsMax;
  const shifted = Math.abs(value) * section.scale * shift;
  // The nudge of a few units in the last place lets 1.005, which is binary 1.00499999999999989, round to 1.01.
  const rounded = Math.round(shifted < NUDGED_BELOW ? shifted + shifted * 2 ** -50 : shifted);
  const whole = Math.floor(rounded / shift);
  let fraction = decimalsMax === 0 ? "" : String(rounded - whole * shift).padStart(decimalsMax, "0");
  while (fraction.length > section.decimalsMin && fraction.endsWith("0")) fraction = fraction.slice(0, -1);
  let digits = whole === 0 && section.integerDigits === 0 && fraction !== "" ? "" : String(whole);
  if (digits.length < section.integerDigits) digits = digits.padStart(section.integerDigits, "0");
  if (section.grouped && digits.length > 3) digits = group(digits);
  const sign = value < 0 && rounded > 0 ? "-" : "";
  return sign + section.prefix + digits + (fraction === "" ? "" : `.${fraction}`) + section.suffix;
}

function group(digits: string): string {
  let grouped = digits.slice(-3);
  for (let end = digits.length - 3; end > 0; end -= 3)
    grouped = `${digits.slice(Math.max(0, end - 3), end)},${grouped}`;
  return grouped;
}
