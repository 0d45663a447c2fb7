/** A post as it came: nothing in it is known before it has been looked at. */
export type PostJson = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown): PostJson {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

export function listOf(value: unknown): readonly PostJson[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}
