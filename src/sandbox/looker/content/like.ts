/** SQL LIKE as Looker's searches use it: `%` any text, `_` any character, no regard to case. */
export function like(text: string, pattern: string): boolean {
  const source = pattern
    .replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("%", ".*")
    .replaceAll("_", ".");
  return new RegExp(`^${source}$`, "is").test(text);
}
