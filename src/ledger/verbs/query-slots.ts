import type { Dialect } from "../dialect.ts";
import { all, run, type Steps } from "../steps.ts";

/** Places are numbered from 1. */
export function* takePlace(
  dialect: Dialect,
  pool: string,
  placesMax: number,
  owner: string,
): Steps<number | null> {
  if ((yield* freePlace(pool, placesMax)) === null) return null;
  yield* dialect.lock(`places of ${pool}`);
  const place = yield* freePlace(pool, placesMax);
  if (place !== null)
    yield* run("INSERT INTO places (pool, place, owner) VALUES (?, ?, ?)", pool, place, owner);
  return place;
}

function* freePlace(pool: string, placesMax: number): Steps<number | null> {
  const rows = yield* all("SELECT place FROM places WHERE pool = ?", pool);
  // There may be more than the limit that holds now: it was lowered while they were taken.
  if (rows.length >= placesMax) return null;
  const taken = new Set(rows.map((row) => Number(row.place)));
  let place = 1;
  while (taken.has(place)) place += 1;
  return place;
}

export function* givePlace(pool: string, place: number, owner: string): Steps<void> {
  yield* run("DELETE FROM places WHERE pool = ? AND place = ? AND owner = ?", pool, place, owner);
}
