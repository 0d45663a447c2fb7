/** A sentence about columns that had to be told apart, or none. */
export function repeatedLabels(repeated: readonly string[]): string[] {
  if (repeated.length === 0) return [];
  const names = repeated.map((label) => `"${label}"`).join(", ");
  return [
    `Several columns are labelled ${names}: they are told apart by field name. Give them labels of their own in LookML.`,
  ];
}
