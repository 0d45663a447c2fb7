const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
};

/** Reads "18MB", "25 MB", "500kB", "1.5 MiB" as bytes; null for anything else. Units without an i are decimal, as disks count. */
export function readSize(text: string): number | null {
  const [, number, unit] = /^\s*(\d{1,12}(?:\.\d{1,6})?)\s*([a-z]{1,3})\s*$/i.exec(text) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit.toUpperCase()];
  return factor === undefined ? null : Math.floor(Number(number) * factor);
}
