/** A step that is done again and again, never twice at a time. */
export interface Repeated {
  /** Do it (again) as soon as the present one has ended. However often it is called meanwhile, it is done once. */
  wake(): void;
  /** Begins no other, and resolves when the present one has ended. */
  stop(): Promise<void>;
}

export interface Pace {
  /** From the end of a step to the next, unless it is woken. */
  readonly everyMs: number;
  /** A woken step waits this many times as long as the last one took: it bounds how much of the time goes into steps. */
  readonly rest: number;
  /** Gets what a step failed with; it is done again, at growing intervals while it goes on failing. */
  readonly trouble: (thrown: unknown) => void;
}

const AFTER_FAILURE_MS = 250;
const BACKED_OFF_MS_MAX = 15_000;

/** The first step is begun at once. */
export function repeat(step: () => Promise<void>, { everyMs, rest, trouble }: Pace): Repeated {
  let isStopped = false;
  let isWoken = false;
  let failures = 0;
  let endWait: (() => void) | null = null;
  let endRest: (() => void) | null = null;

  async function once(): Promise<number> {
    isWoken = false;
    const began = performance.now();
    try {
      await step();
      failures = 0;
      return Math.min((performance.now() - began) * rest, everyMs);
    } catch (thrown) {
      failures += 1;
      trouble(thrown);
      return AFTER_FAILURE_MS;
    }
  }

  async function loop(): Promise<void> {
    while (!isStopped) {
      const restMs = await once();
      if (restMs >= 1 && !isStopped) {
        await pause(restMs, (end) => {
          endRest = end;
        });
      }
      if (isWoken || isStopped) continue;
      const waitMs = failures === 0 ? everyMs : Math.max(everyMs, backedOffMs(everyMs, failures));
      await pause(waitMs, (end) => {
        endWait = end;
      });
    }
  }

  const ended = loop();
  return {
    wake() {
      isWoken = true;
      endWait?.();
    },
    async stop() {
      isStopped = true;
      endRest?.();
      endWait?.();
      await ended;
    },
  };
}

function backedOffMs(everyMs: number, failures: number): number {
  return Math.min(everyMs * 2 ** (failures - 1), BACKED_OFF_MS_MAX);
}

/** `give` gets the function that ends the pause before its time. */
export function pause(ms: number, give: (end: () => void) => void = () => undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    give(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
