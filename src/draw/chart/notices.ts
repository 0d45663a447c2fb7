/** What readers are told of a chart in which letters stand as boxes, since none of its fonts has them. */
export function letterNotices(missing: readonly string[]): readonly string[] {
  if (missing.length === 0) return [];
  const letters = missing.join(" ");
  return [
    `Some letters of the chart stand as boxes, since its fonts do not have them (${letters}): a font with them can be named under fonts: in reports.yaml.`,
  ];
}
