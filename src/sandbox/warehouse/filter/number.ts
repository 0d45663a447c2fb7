const NUMBER = "-?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?";

/**
 * Looker's number filter expressions: `5`, `NOT 5`, `<>5`, `1, 2, 3`, `>100`, `>=3 AND <=10`, `3 to 10`, `to 10`, `[0,9]`,
 * `(1,7)`, `(500, inf)`, `NULL`, `NOT NULL`, joined by commas or OR. Returns null where it cannot be read.
 */
export function numberFilter(column: string, expression: string): string | null {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  let previousWasNot = false;
  for (const raw of splitTerms(expression)) {
    const negation = /^(?:NOT\b|<>|!=)\s*/i.exec(raw);
    const body = negation === null ? raw : raw.slice(negation[0].length);
    const condition = readTerm(column, body);
    if (condition === null) return null;
    // In `NOT 66, 99, 4` the NOT reaches over the plain numbers that follow it.
    const negated: boolean = negation !== null || (previousWasNot && new RegExp(`^${NUMBER}$`).test(body));
    previousWasNot = negated;
    if (!negated) wanted.push(condition);
    else if (/^NULL$/i.test(body)) unwanted.push(`${column} IS NOT NULL`);
    else unwanted.push(`(NOT (${condition}) OR ${column} IS NULL)`);
  }
  const parts = wanted.length === 0 ? unwanted : [`(${wanted.join(" OR ")})`, ...unwanted];
  return parts.join(" AND ");
}

/** Splits at OR and at commas; commas within brackets become semicolons first, to be left alone. */
function splitTerms(expression: string): string[] {
  const guarded = expression.replace(/[[(][^\])]*[\])]/g, (interval) => interval.replaceAll(",", ";"));
  return guarded.split(/\s*,\s*|\s+OR\s+/i).map((term) => term.trim());
}

function readTerm(column: string, term: string): string | null {
  if (/^NULL$/i.test(term)) return `${column} IS NULL`;
  return plain(column, term) ?? comparisons(column, term) ?? range(column, term) ?? interval(column, term);
}

function plain(column: string, term: string): string | null {
  return new RegExp(`^${NUMBER}$`).test(term) ? `${column} = ${Number(term)}` : null;
}

function comparisons(column: string, term: string): string | null {
  const parts = term.split(/\s+AND\s+/i);
  const read = parts.map((part) => new RegExp(`^(>=|<=|>|<|=)\\s*(${NUMBER})$`).exec(part.trim()));
  const conditions: string[] = [];
  for (const match of read) {
    if (match === null) return null;
    conditions.push(`${column} ${match[1]} ${Number(match[2])}`);
  }
  return conditions.length === 1 ? (conditions[0] ?? null) : `(${conditions.join(" AND ")})`;
}

/** `3 to 10`, `3 to`, `to 10`: both ends are included. */
function range(column: string, term: string): string | null {
  const match = new RegExp(`^(${NUMBER})?\\s*to\\s*(${NUMBER})?$`, "i").exec(term);
  if (match === null || (match[1] === undefined && match[2] === undefined)) return null;
  return bounded(column, match[1], ">=", match[2], "<=");
}

/** `[0,9]`, `(1,7)`, `[0,9)`, `(500, inf)`, `(-inf, 10]`, `[5,]`: mathematical intervals. */
function interval(column: string, term: string): string | null {
  const match = new RegExp(`^([[(])\\s*(${NUMBER}|-inf)?\\s*;\\s*(${NUMBER}|inf)?\\s*([\\])])$`, "i").exec(
    term,
  );
  if (match === null) return null;
  const low = /^-inf$/i.test(match[2] ?? "") ? undefined : match[2];
  const high = /^inf$/i.test(match[3] ?? "") ? undefined : match[3];
  if (low === undefined && high === undefined) return null;
  return bounded(column, low, match[1] === "[" ? ">=" : ">", high, match[4] === "]" ? "<=" : "<");
}

function bounded(
  column: string,
  low: string | undefined,
  lowOperator: string,
  high: string | undefined,
  highOperator: string,
): string {
  const conditions: string[] = [];
  if (low !== undefined) conditions.push(`${column} ${lowOperator} ${Number(low)}`);
  if (high !== undefined) conditions.push(`${column} ${highOperator} ${Number(high)}`);
  return conditions.length === 1 ? conditions.join("") : `(${conditions.join(" AND ")})`;
}
