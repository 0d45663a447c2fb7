/** What sets thousands apart, and what begins the decimals. */
export interface Separators {
  readonly group: string;
  readonly decimal: string;
}

export const ENGLISH: Separators = { group: ",", decimal: "." };

/** A figure as Looker writes its number formats, with 1234.56 for an example: "1.234,56", "1 234,56", "1'234.56". */
const EXAMPLE = /^1(\D{0,2})234(\D)56$/;

/** Those of json_detail's `number_format`; null for one that is not read. */
export function separatorsOf(numberFormat: string): Separators | null {
  const [, group, decimal] = EXAMPLE.exec(numberFormat.trim()) ?? [];
  if (group === undefined || decimal === undefined || group === decimal) return null;
  return { group, decimal };
}

export function isEnglish({ group, decimal }: Separators): boolean {
  return group === ENGLISH.group && decimal === ENGLISH.decimal;
}

/** Digits in English, "1,234.56", as they are written with these. */
export function separated(digits: string, separators: Separators = ENGLISH): string {
  if (isEnglish(separators)) return digits;
  return digits.replace(/[,.]/g, (mark) => (mark === "," ? separators.group : separators.decimal));
}
