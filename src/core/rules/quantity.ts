/** 12431 -> "12,431". English, as all of lookpost's own words. */
export function count(number: number): string {
  return number.toLocaleString("en-US");
}

/** "1 row", "12,431 rows". */
export function rows(number: number): string {
  return number === 1 ? "1 row" : `${count(number)} rows`;
}

/** "ana@example.com", "ana, ben and cy", "ana, ben, cy and 12 more". */
export function listed(names: readonly string[], max = 5): string {
  const shown = names.length > max ? names.slice(0, max - 1) : names;
  const more = names.length - shown.length;
  const all = more > 0 ? [...shown, `${count(more)} more`] : shown;
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

/** Decimal units, as mail providers and disks count: 18_000_000 -> "18 MB". */
export function bytes(number: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = number;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, "")} ${units[unit]}`;
}

/** 950 -> "0.9 s"; 83_000 -> "1 min 23 s"; 4_000_000 -> "1 h 6 min". */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
