/** The arithmetic that table calculations and custom dimensions are written in: + - * / ( ) over `${field}`s. */
export type Expression =
  | { kind: "number"; value: number }
  | { kind: "field"; name: string }
  | { kind: "negative"; operand: Expression }
  | { kind: "operation"; operator: "+" | "-" | "*" | "/"; left: Expression; right: Expression };

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|\$\{([^}]+)\}|([-+*/()]))/y;

/** Null where the text is not such an expression. */
export function parseExpression(text: string): Expression | null {
  const tokens = tokenize(text.trim());
  if (tokens === null) return null;
  const reader = new Reader(tokens);
  const expression = reader.sum();
  return reader.atEnd() ? expression : null;
}

export function fieldsIn(expression: Expression): string[] {
  switch (expression.kind) {
    case "number":
      return [];
    case "field":
      return [expression.name];
    case "negative":
      return fieldsIn(expression.operand);
    default:
      return [...fieldsIn(expression.left), ...fieldsIn(expression.right)];
  }
}

/** As in SQL, null goes through every operation, and a division by zero is null. */
export function evaluate(expression: Expression, readField: (name: string) => unknown): number | null {
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "field": {
      const value = readField(expression.name);
      return typeof value === "number" ? value : null;
    }
    case "negative": {
      const operand = evaluate(expression.operand, readField);
      return operand === null ? null : -operand;
    }
    default:
      return operate(
        expression.operator,
        evaluate(expression.left, readField),
        evaluate(expression.right, readField),
      );
  }
}

export function toSql(expression: Expression, sqlOf: (name: string) => string): string {
  switch (expression.kind) {
    case "number":
      return String(expression.value);
    case "field":
      return sqlOf(expression.name);
    case "negative":
      return `(-${toSql(expression.operand, sqlOf)})`;
    default: {
      const left = toSql(expression.left, sqlOf);
      const right = toSql(expression.right, sqlOf);
      return expression.operator === "/"
        ? `(1.0 * ${left} / NULLIF(${right}, 0))`
        : `(${left} ${expression.operator} ${right})`;
    }
  }
}

function operate(operator: string, left: number | null, right: number | null): number | null {
  if (left === null || right === null) return null;
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    default:
      return right === 0 ? null : left / right;
  }
}

type Token =
  | { kind: "number"; value: number }
  | { kind: "field"; name: string }
  | { kind: "sign"; sign: string };

function tokenize(text: string): Token[] | null {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return null;
    if (match[1] !== undefined) tokens.push({ kind: "number", value: Number(match[1]) });
    else if (match[2] !== undefined) tokens.push({ kind: "field", name: match[2].trim() });
    else tokens.push({ kind: "sign", sign: match[3] ?? "" });
  }
  return tokens;
}

class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  atEnd(): boolean {
    return this.#next === this.#tokens.length;
  }

  sum(): Expression | null {
    return this.#chain(["+", "-"], () => this.#chain(["*", "/"], () => this.#factor()));
  }

  #chain(operators: readonly string[], operand: () => Expression | null): Expression | null {
    let left = operand();
    while (left !== null) {
      const operator = this.#sign(operators);
      if (operator === null) break;
      const right = operand();
      if (right === null) return null;
      left = { kind: "operation", operator: operator as "+" | "-" | "*" | "/", left, right };
    }
    return left;
  }

  #factor(): Expression | null {
    if (this.#sign(["-"]) !== null) {
      const operand = this.#factor();
      return operand === null ? null : { kind: "negative", operand };
    }
    if (this.#sign(["("]) !== null) {
      const inner = this.sum();
      return this.#sign([")"]) === null ? null : inner;
    }
    const token = this.#tokens[this.#next];
    if (token === undefined || token.kind === "sign") return null;
    this.#next += 1;
    return token;
  }

  #sign(wanted: readonly string[]): string | null {
    const token = this.#tokens[this.#next];
    if (token?.kind !== "sign" || !wanted.includes(token.sign)) return null;
    this.#next += 1;
    return token.sign;
  }
}
