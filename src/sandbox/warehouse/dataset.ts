import { readFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import type { Value } from "./model/field.ts";

const DAY_MS = 86_400_000;

interface Flight {
  /** `2001/01/31 22:27`: the time of departure. */
  date: string;
  delay: number;
  distance: number;
  origin: string;
  destination: string;
}

export interface Dataset {
  db: DatabaseSync;
  /** How far every date was moved forward, so that the last day of the data is the day before `now` (UTC). */
  movedByDays: number;
  note: string;
}

/** Loads the flights and airports of the vega-datasets package into SQLite in memory; takes about 0.2 s. */
export function openDataset(now: Date): Dataset {
  const folder = datasetFolder();
  const flights: Flight[] = JSON.parse(readFileSync(path.join(folder, "flights-20k.json"), "utf8"));
  const lastDay = flights
    .reduce((latest, flight) => (flight.date > latest ? flight.date : latest), "")
    .slice(0, 10);
  const yesterday = Math.floor(now.getTime() / DAY_MS) - 1;
  const movedByDays = yesterday - Date.parse(`${lastDay.replaceAll("/", "-")}T00:00:00Z`) / DAY_MS;
  const db = new DatabaseSync(":memory:");
  // Looker's models are case-sensitive unless they say otherwise; SQLite's LIKE is not.
  db.exec("PRAGMA case_sensitive_like = ON");
  db.exec("BEGIN");
  loadFlights(db, flights, movedByDays);
  loadAirports(db, readFileSync(path.join(folder, "airports.csv"), "utf8"));
  loadSandbox(db);
  db.exec("COMMIT");
  const until = new Date(yesterday * DAY_MS).toISOString().slice(0, 10);
  const note = `FAA flights of January to March 2001, moved by ${movedByDays} days so that the last day is yesterday (${until})`;
  return { db, movedByDays, note };
}

// The package exports only its entry, so the data is found from there.
function datasetFolder(): string {
  const entry = fileURLToPath(import.meta.resolve("vega-datasets"));
  return path.join(path.dirname(entry), "..", "data");
}

function loadFlights(db: DatabaseSync, flights: readonly Flight[], movedByDays: number): void {
  db.exec(`CREATE TABLE flights (id INTEGER PRIMARY KEY, departed_at TEXT NOT NULL, delay INTEGER NOT NULL,
    distance INTEGER NOT NULL, origin TEXT NOT NULL, destination TEXT NOT NULL)`);
  const insert = db.prepare("INSERT INTO flights VALUES (?, ?, ?, ?, ?, ?)");
  flights.forEach((flight, index) => {
    const departed =
      Date.parse(`${flight.date.replaceAll("/", "-").replace(" ", "T")}:00Z`) + movedByDays * DAY_MS;
    const text = new Date(departed).toISOString().slice(0, 19).replace("T", " ");
    insert.run(index + 1, text, flight.delay, flight.distance, flight.origin, flight.destination);
  });
}

function loadAirports(db: DatabaseSync, csv: string): void {
  db.exec(`CREATE TABLE airports (code TEXT PRIMARY KEY, name TEXT, city TEXT, state TEXT, country TEXT,
    latitude REAL, longitude REAL)`);
  const insert = db.prepare("INSERT INTO airports VALUES (?, ?, ?, ?, ?, ?, ?)");
  const rows: Record<string, string>[] = parse(csv, { columns: true });
  for (const row of rows) {
    const { iata = "", name, city, state, country, latitude, longitude } = row;
    insert.run(
      iata,
      known(name),
      known(city),
      known(state),
      known(country),
      Number(latitude),
      Number(longitude),
    );
  }
}

/** The file writes NA where it knows nothing; in a column of names that is a missing value, not a name. */
function known(text: string | undefined): string | null {
  return text === undefined || text === "" || text === "NA" ? null : text;
}

function loadSandbox(db: DatabaseSync): void {
  db.exec("CREATE TABLE hostile (id INTEGER PRIMARY KEY, kind TEXT, text TEXT, amount REAL)");
  const insert = db.prepare("INSERT INTO hostile VALUES (?, ?, ?, ?)");
  HOSTILE_ROWS.forEach(([kind, text, amount], index) => {
    insert.run(index + 1, kind, text, amount);
  });
  db.exec("CREATE TABLE empty (id INTEGER PRIMARY KEY, name TEXT, amount REAL)");
}

/** kind, text, amount. Each row is one way in which a cell has broken a report somewhere. */
export const HOSTILE_ROWS: readonly (readonly [string, Value, Value])[] = [
  ["formula", '=HYPERLINK("https://evil.example","click")', 1],
  ["formula", "+1+1", 2],
  ["formula", "-2+3", -2],
  ["formula", "@SUM(A1:A9)", 3],
  ["formula", "\t=1+1", 4],
  ["formula", "\r=1+1", 5],
  ["markup", "<script>alert(1)</script>", 6],
  ["markup", '<img src=x onerror="alert(1)">', 7],
  ["markup", "&amp; already escaped", 8],
  ["markup", "{{ liquid }} {% raw %}", 9],
  ["mention", "<!channel> look at this", 10],
  ["mention", "<@U012ABCDEF>", 11],
  ["mention", "*bold* _it_ ~no~ `code`", 12],
  ["separator", "comma, semicolon; tab\tpipe |", 13],
  ["separator", 'a "quoted" word', 14],
  ["separator", "two\nlines", 15],
  ["separator", "carriage\r\nreturn", 16],
  ["unicode", "🛫 emoji 👩‍✈️ and ſharp ß", 17],
  ["unicode", "\u202Eright to left\u202C", 18],
  ["unicode", "\uFEFFbyte order mark", 19],
  ["unicode", "e\u0301 combined, \u00E9 composed", 20],
  ["number", "00123", 21],
  ["number", "1e5", 22],
  ["number", "12345678901234567890", 23],
  ["null", null, null],
  ["null", "", 0],
  ["null", "NULL", -0.005],
  ["long", "long ".repeat(2000), 1234567.891],
];
