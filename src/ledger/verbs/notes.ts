import type { Notes } from "../../core/ports/ledger.ts";
import { NOTE_KEPT_MS, type Note } from "../../core/ports/notebook.ts";
import { ms, text } from "../rows.ts";
import { all, type Dialect, json, one, type Row, run, type Steps, type VerbSteps } from "../steps.ts";

/** What destinations keep between attempts. */
export function noteVerbs(dialect: Dialect): Pick<VerbSteps, keyof Notes> {
  return {
    notes: (book, names, at) => notes(dialect, book, names, at),
    writeNote: (book, note, over, at) => writeNote(dialect, { book, ...note, over, at }),
  };
}

function* notes(dialect: Dialect, book: string, names: readonly string[], at: Date): Steps<readonly Note[]> {
  const asked = json(names.map((name) => ({ name })));
  const rows = yield* all(
    `SELECT n.name, n.text, n.version, ${dialect.now} - n.at AS age_ms FROM notes AS n
     WHERE n.book = ? AND n.name IN (SELECT name FROM ${dialect.rows("asked", { name: "text" })})`,
    ms(at),
    book,
    asked,
  );
  return rows.map(toNote);
}

function toNote(row: Row): Note {
  return {
    name: text(row.name),
    text: text(row.text),
    version: Number(row.version),
    // An embedded ledger has the machine's clock, which may have been set back since.
    ageMs: Math.max(0, Number(row.age_ms)),
  };
}

interface Writing extends Pick<Note, "name" | "text"> {
  readonly book: string;
  readonly over: number | null;
  readonly at: Date;
}

function* writeNote(dialect: Dialect, { book, name, text: words, over, at }: Writing): Steps<number | null> {
  const insert = `INSERT INTO notes (book, name, version, at, text) VALUES (?, ?, 1, ${dialect.now}, ?)`;
  const values = [book, name, ms(at), words];
  if (over === null)
    return version(
      yield* one(
        `${insert} ON CONFLICT (book, name) DO UPDATE SET version = notes.version + 1, at = excluded.at, text = excluded.text
         RETURNING version`,
        ...values,
      ),
    );
  if (over === 0)
    return version(yield* one(`${insert} ON CONFLICT (book, name) DO NOTHING RETURNING version`, ...values));
  return version(
    yield* one(
      `UPDATE notes SET version = version + 1, at = ${dialect.now}, text = ? WHERE book = ? AND name = ? AND version = ?
       RETURNING version`,
      ms(at),
      words,
      book,
      name,
      over,
    ),
  );
}

function version(row: Row | null): number | null {
  return row === null ? null : Number(row.version);
}

/** What was not written for so long is of no use to anyone. */
export function* forgetNotes(dialect: Dialect, at: Date): Steps<void> {
  yield* run(`DELETE FROM notes WHERE at < ${dialect.now} - ?`, ms(at), NOTE_KEPT_MS);
}
