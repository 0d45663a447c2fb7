export interface Timer {
  /** Resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/** What fails once is reported and tried again the next time: the ledger may be busy or its disk full for a moment. */
export function every(ms: number, work: () => Promise<void>, trouble: (thrown: unknown) => void): Timer {
  let underWay: Promise<void> | null = null;
  const timer = setInterval(() => {
    underWay ??= work()
      .catch(trouble)
      .finally(() => {
        underWay = null;
      });
  }, ms);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await underWay;
    },
  };
}
