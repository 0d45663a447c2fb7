import type { Worker } from "../../app/app.ts";
import type { Clock } from "../../core/ports/clock.ts";

/** An editor that writes a file piece by piece leaves it broken for a moment: who is told of it should have to do something. */
const BROKEN_FOR_MS = 10_000;

export interface FileState {
  broken(reason: string): void;
  whole(): void;
}

export interface FileStateOptions {
  readonly clock: Clock;
  readonly stop: AbortSignal;
  readonly trouble: (thrown: unknown) => void;
}

/** Has people told of a reports.yaml that stays broken, and that it is whole: also that it is since a start, where it was not before. */
export function watchFileState(
  worker: Pick<Worker, "noteFileState">,
  { clock, stop, trouble }: FileStateOptions,
): FileState {
  let reason: string | null = null;
  let isWaiting = false;
  let last = Promise.resolve();
  // One after the other: what is written last is how it is.
  const note = (state: string | null) => {
    last = last.then(() => worker.noteFileState(state)).catch(trouble);
  };
  const whole = () => {
    reason = null;
    note(null);
  };
  whole();
  return {
    whole,
    broken(words) {
      reason = words;
      if (isWaiting) return;
      isWaiting = true;
      clock.sleep(BROKEN_FOR_MS, stop).then(
        () => {
          isWaiting = false;
          if (reason !== null) note(reason);
        },
        () => undefined,
      );
    },
  };
}
