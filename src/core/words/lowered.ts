/** "Average delay" within a sentence; "SLA breaches" and "DACH turnover" stay. Not of a language that has capitals within sentences. */
export function lowered(label: string): string {
  return /^\p{Lu}\p{Ll}+( |$)/u.test(label) && !/^\p{Lu}\p{Ll}+ \p{Lu}/u.test(label)
    ? label.charAt(0).toLowerCase() + label.slice(1)
    : label;
}
