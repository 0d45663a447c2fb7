import type { Clock } from "../../core/ports/clock.ts";
import type { Ledger } from "../../core/ports/ledger.ts";
import type { Slots } from "../../core/rules/slots.ts";

export interface FleetPlacesOptions {
  readonly ledger: Pick<Ledger, "takePlace" | "givePlace">;
  /** What the places are for; all replicas name it alike. */
  readonly pool: string;
  /** For all replicas together. */
  readonly placesMax: number;
  readonly owner: () => string;
  readonly clock: Clock;
}

/** A place in the ledger's pool, in this process's hands. */
interface Place {
  readonly number: number;
  readonly owner: string;
  readonly since: Date;
}

interface Waiter {
  readonly enter: (place: Place) => void;
}

const ASK_MS_MIN = 150;
const ASK_MS_MAX = 350;
const AFTER_FAILURE_MS = 1_000;

/** After this long a place goes back to the pool even if somebody waits here, so that another replica's waiters get a turn. */
const TURN_MS = 10_000;

/** A place that cannot be given back for about a minute need not be: by then its owner was taken for dead, and the place was freed. */
const GIVE_TRIES_MAX = 60;

/**
 * Places that all replicas share, such as the queries that a Looker runs at once. A place that becomes free goes to the next
 * who waits in this process, without asking the ledger; it is asked several times a second while somebody waits, by one for all.
 */
export function fleetPlaces(options: FleetPlacesOptions): Slots {
  const { ledger, pool, placesMax, owner, clock } = options;
  const queue: Waiter[] = [];
  let isAsking = false;

  /** While somebody waits: takes what the ledger has to give, and asks again a little later when it has nothing. */
  async function ask(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    while (queue.length > 0) {
      const place = await takePlace();
      if (place === "none" || place === "failed") {
        await clock.sleep(place === "none" ? jitter() : AFTER_FAILURE_MS);
        continue;
      }
      const next = queue.shift();
      if (next === undefined) void give(place, options);
      else next.enter(place);
    }
    isAsking = false;
  }

  async function takePlace(): Promise<Place | "none" | "failed"> {
    const asked = { owner: owner(), since: clock.now() };
    try {
      const number = await ledger.takePlace(pool, placesMax, asked.owner);
      return number === null ? "none" : { ...asked, number };
    } catch {
      // Whoever waits goes on waiting: that the ledger does not answer, its other users tell.
      return "failed";
    }
  }

  function release(place: Place): void {
    const heldMs = clock.now().getTime() - place.since.getTime();
    // A place of an owner that was taken for dead has been freed, and may be another's.
    const isOurs = place.owner === owner() && heldMs < TURN_MS;
    const next = isOurs ? queue.shift() : undefined;
    if (next === undefined) void give(place, options);
    else next.enter(place);
  }

  function once(place: Place): () => void {
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      release(place);
    };
  }

  return {
    get waiting() {
      return queue.length;
    },
    take(signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const waiter: Waiter = {
          enter(place) {
            signal.removeEventListener("abort", leave);
            resolve(once(place));
          },
        };
        const leave = () => {
          queue.splice(queue.indexOf(waiter), 1);
          reject(signal.reason);
        };
        signal.addEventListener("abort", leave, { once: true });
        queue.push(waiter);
        void ask();
      });
    },
  };
}

async function give(place: Place, { ledger, pool, owner, clock }: FleetPlacesOptions): Promise<void> {
  for (let tries = 1; tries <= GIVE_TRIES_MAX && owner() === place.owner; tries += 1) {
    try {
      return await ledger.givePlace(pool, place.number, place.owner);
    } catch {
      await clock.sleep(AFTER_FAILURE_MS);
    }
  }
}

/** Replicas that were refused together do not ask together again. */
function jitter(): number {
  return ASK_MS_MIN + Math.random() * (ASK_MS_MAX - ASK_MS_MIN);
}
