/** A number of slots that work waits for, first come, first served. */
export interface Slots {
  /** Resolves with the function that gives the slot back; rejects with the signal's reason if it aborts first. */
  take(signal: AbortSignal): Promise<() => void>;
  /** How many are waiting. */
  readonly waiting: number;
}

export function createSlots(slotsMax: number): Slots {
  let taken = 0;
  const queue: (() => void)[] = [];

  function giveBack(): () => void {
    let isGivenBack = false;
    return () => {
      if (isGivenBack) return;
      isGivenBack = true;
      taken -= 1;
      queue.shift()?.();
    };
  }

  return {
    get waiting() {
      return queue.length;
    },
    take(signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const enter = () => {
          signal.removeEventListener("abort", leave);
          taken += 1;
          resolve(giveBack());
        };
        const leave = () => {
          queue.splice(queue.indexOf(enter), 1);
          reject(signal.reason);
        };
        if (taken < slotsMax) return enter();
        signal.addEventListener("abort", leave, { once: true });
        queue.push(enter);
      });
    },
  };
}
