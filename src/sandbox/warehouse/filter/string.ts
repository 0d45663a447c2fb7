interface Term {
  text: string;
  /** A LIKE pattern with ^ as its escape character, where the term has wildcards. */
  pattern: string | null;
  negated: boolean;
  keyword: "EMPTY" | "NULL" | null;
}

/**
 * Looker's string filter expressions: `A,B`, `%A%`, `A%`, `-A`, `EMPTY`, `NULL`; ^ escapes, quotes keep commas.
 * Matches are joined by OR; exclusions are joined to them by AND, and let nulls pass unless nulls are excluded.
 */
export function stringFilter(column: string, expression: string): string {
  const terms = splitTerms(expression)
    .map(readTerm)
    .filter((term) => term.text !== "" || term.keyword !== null);
  const wanted = terms.filter((term) => !term.negated).map((term) => matches(column, term));
  const unwanted = terms.filter((term) => term.negated).map((term) => excludes(column, term));
  const parts = wanted.length === 0 ? unwanted : [`(${wanted.join(" OR ")})`, ...unwanted];
  return parts.length === 0 ? "1 = 1" : parts.join(" AND ");
}

function splitTerms(expression: string): string[] {
  const terms: string[] = [];
  let current = "";
  let quoted = false;
  for (let index = 0; index < expression.length; index += 1) {
    const character = expression.charAt(index);
    if (character === "^" || (character === "\\" && expression.charAt(index + 1) === ",")) {
      current += `^${expression.charAt(index + 1)}`;
      index += 1;
    } else if (character === "," && !quoted) {
      terms.push(current);
      current = "";
    } else {
      if (character === '"') quoted = !quoted;
      current += character;
    }
  }
  terms.push(current);
  return terms;
}

function readTerm(raw: string): Term {
  let body = raw.trim();
  const negated = body.startsWith("-");
  if (negated) body = body.slice(1);
  if (body.length >= 2 && body.startsWith('"') && body.endsWith('"') && !body.endsWith('^"')) {
    return { text: withoutEscapes(body.slice(1, -1)), pattern: null, negated, keyword: null };
  }
  const upper = body.toUpperCase();
  const keyword = upper === "EMPTY" || upper === "NULL" ? upper : null;
  return {
    text: withoutEscapes(body),
    pattern: hasWildcard(body) ? likePattern(body) : null,
    negated,
    keyword,
  };
}

function withoutEscapes(body: string): string {
  return body.replace(/\^([\s\S])/g, "$1");
}

function hasWildcard(body: string): boolean {
  return /[%_]/.test(body.replace(/\^[\s\S]/g, ""));
}

/** Escapes that mean something to LIKE stay; the others (`^,` `^-` `^"`) lose their ^, which LIKE would refuse. */
function likePattern(body: string): string {
  return body.replace(/\^([\s\S])/g, (whole, escaped) => (/[%_^]/.test(escaped) ? whole : escaped));
}

function matches(column: string, term: Term): string {
  if (term.keyword === "NULL") return `${column} IS NULL`;
  if (term.keyword === "EMPTY") return `(${column} IS NULL OR LENGTH(${column}) = 0)`;
  if (term.pattern !== null) return `${column} LIKE ${sqlText(term.pattern)} ESCAPE '^'`;
  return `${column} = ${sqlText(term.text)}`;
}

function excludes(column: string, term: Term): string {
  if (term.keyword === "NULL") return `${column} IS NOT NULL`;
  if (term.keyword === "EMPTY") return `(${column} IS NOT NULL AND LENGTH(${column}) <> 0)`;
  return `(NOT (${matches(column, term)}) OR ${column} IS NULL)`;
}

/** A string literal of SQL. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
