import { isObject } from "./call.ts";

type Selection = Map<string, Selection | null>;

/** Keeps what the `fields` parameter names: `id,title,query(id,model)`. Names that do not exist are ignored, as in Looker. */
export function selectFields(value: unknown, fields: string): unknown {
  const selection = parse(fields);
  return selection.size === 0 ? value : pick(value, selection);
}

function pick(value: unknown, selection: Selection): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, selection));
  if (!isObject(value)) return value;
  const picked: Record<string, unknown> = {};
  for (const [name, inner] of selection) {
    if (name in value) picked[name] = inner === null ? value[name] : pick(value[name], inner);
  }
  return picked;
}

function parse(fields: string): Selection {
  const top: Selection = new Map();
  const open = [top];
  for (const [, name, bracket] of fields.matchAll(/\s*([\w$.-]*)\s*([(),]|$)/g)) {
    const current = open.at(-1) ?? top;
    if (bracket === "(" && name) {
      const inner: Selection = new Map();
      current.set(name, inner);
      open.push(inner);
      continue;
    }
    if (name) current.set(name, null);
    if (bracket === ")" && open.length > 1) open.pop();
  }
  return top;
}
