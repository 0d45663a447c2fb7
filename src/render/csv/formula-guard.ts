/**
 * What makes a spreadsheet read a cell as a formula (OWASP, "CSV Injection"): a first character of = + - @ TAB CR.
 */
const TRIGGER = /^[=+\-@\t\r]/;

// Digits with grouping, decimals, one currency sign or code at either end, a percent sign or an exponent: "-3.2%",
// "-$1,200", "+5", "-1.5e-7", "-4 EUR". Anything with a second operator ("+1-555", "-1+2") is no number.
const NUMBER =
  /^[+-]\s?(?:\p{Sc}|[A-Z]{3}\s)?\s?(?:\d[\d,.'’\s]*|\.\d+)(?:[eE][+-]?\d+)?\s?(?:%|\p{Sc}|[A-Z]{3}|[KMBT])?$/u;

/**
 * Puts `'` before text that a spreadsheet would run. Numbers stay as they are: "-3.2%" starts with a minus because the
 * value is negative, runs nothing, and would no longer add up as text. `isNumber` says that the cell holds a number,
 * whatever it looks like; a string that reads as a number is let through as well.
 */
export function guardFormula(text: string, isNumber: boolean): string {
  return isFormula(text, isNumber) ? `'${text}` : text;
}

export function isFormula(text: string, isNumber: boolean): boolean {
  if (!TRIGGER.test(text)) return false;
  const signed = text.startsWith("-") || text.startsWith("+");
  return !(signed && (isNumber || NUMBER.test(text)));
}
