import { type ScheduledTask, schedule } from "node-cron";
import type { Report } from "../../core/model/report.ts";
import {
  type ActivePlan,
  readPlans,
  type ScheduleContext,
  tickClaim,
  writeClaims,
  writePlans,
} from "./claim-ticks.ts";
import { planMissing, planReports, type SetBackWatch, watchSetBack } from "./plan-reports.ts";
import { calculatorAt } from "./tick-calculator.ts";

/** The schedules of all reports: node-cron wakes, the ledger decides. */
export interface Timetable {
  /**
   * Takes the reports as reports.yaml has them now: new ones count from now, changed schedules too, removed ones end.
   * Rejects where the ledger cannot be read or written; the reports are then as they were before.
   */
  update(reports: readonly Report[]): Promise<void>;
  /** How many reports it has. */
  readonly size: number;
  /** How late the ticks are that are due and not yet written, in milliseconds; 0 when all is well. */
  lateMs(): number;
  stop(): Promise<void>;
}

export interface TimetableOptions extends ScheduleContext {
  /** Told of what went wrong while claiming ticks, and of a clock that was set back. Nothing is lost by it: they are still promised, and are tried again. */
  readonly trouble: (thrown: unknown) => void;
}

/** Resolves once the ledger has the reports' plans, and what was missed has been claimed. */
export async function startTimetable(
  options: TimetableOptions,
  reports: readonly Report[],
): Promise<Timetable> {
  const timetable = new LedgerTimetable(options);
  await timetable.update(reports);
  timetable.watch();
  return timetable;
}

/** Sees what a timer cannot: a clock that was set, a machine that was suspended, node-cron's own misses. */
const GUARD_MS = 1_000;
/** Pauses, and ticks that other replicas claimed, are read this often though nothing is due. */
const REFRESH_SECONDS = 15;
const HOLD_SECONDS_MAX = 30;

class LedgerTimetable implements Timetable {
  readonly #options: TimetableOptions;
  readonly #waker: Waker = createWaker(() => void this.#claim());
  readonly #stopping = new AbortController();
  readonly #setBack: SetBackWatch = watchSetBack();
  #reports: ReadonlyMap<string, Report> = new Map();
  /** The next tick of all reports, in milliseconds since 1970: all that is kept between passes. */
  #earliest: number | null = null;
  #last: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | null = null;
  #guarding: Promise<void> = Promise.resolve();
  /** Seconds that have passed whatever the clock says. */
  #second = 0;
  #failures = 0;
  #heldUntilSecond = 0;

  constructor(options: TimetableOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#reports.size;
  }

  lateMs(): number {
    return this.#earliest === null ? 0 : Math.max(0, this.#options.clock.now().getTime() - this.#earliest);
  }

  async update(reports: readonly Report[]): Promise<void> {
    const named = new Map(reports.map((report) => [report.name, report]));
    await this.#alone(async () => {
      await planReports(this.#options, named);
      const plans = await readPlans(this.#options, named);
      this.#reports = named;
      this.#take(plans);
    });
    await this.#claim();
  }

  watch(): void {
    this.#guarding = this.#guard();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#guarding;
    await this.#last;
    await this.#waker.stop();
  }

  async #guard(): Promise<void> {
    const { signal } = this.#stopping;
    const { clock } = this.#options;
    // The sleep rejects only when it is over with this.
    const second = () =>
      clock.sleep(GUARD_MS, signal).then(
        () => true,
        () => false,
      );
    while (await second()) {
      this.#second += 1;
      const isDue = this.#earliest !== null && this.#earliest <= clock.now().getTime();
      if (isDue || this.#second % REFRESH_SECONDS === 0) await this.#claim();
    }
  }

  /** One pass over all that is due, however many wakes asked for it. Never rejects. */
  #claim(): Promise<void> {
    if (this.#second < this.#heldUntilSecond || this.#stopping.signal.aborted) return Promise.resolve();
    this.#waiting ??= this.#alone(async () => {
      this.#waiting = null;
      try {
        this.#take(await this.#pass());
        this.#failures = 0;
      } catch (thrown) {
        this.#hold();
        this.#options.trouble(thrown);
      }
    });
    return this.#waiting;
  }

  /** A store that fails is left alone for 1, 2, 4 … 30 s. */
  #hold(): void {
    this.#heldUntilSecond = this.#second + Math.min(2 ** this.#failures, HOLD_SECONDS_MAX);
    this.#failures += 1;
  }

  async #pass(): Promise<ReadonlyMap<string, ActivePlan>> {
    const { newId, clock } = this.#options;
    const plans = await this.#plans();
    const calculator = calculatorAt(clock.now());
    const { believed, warning } = this.#setBack(plans.values(), calculator, this.#second);
    if (warning !== null) this.#options.trouble(warning);
    await writePlans(this.#options, believed);
    for (const plan of believed) plans.set(plan.report, plan);

    const due = [...plans.values()].filter((plan) => plan.nextAt <= calculator.now);
    const reports = this.#reports;
    function* claims() {
      for (const plan of due) {
        const report = reports.get(plan.report);
        if (report === undefined) continue;
        const claim = tickClaim(plan, report, calculator, newId);
        if (claim.nextAt === null) plans.delete(plan.report);
        else plans.set(plan.report, { ...plan, nextAt: claim.nextAt });
        yield claim;
      }
    }
    const isAllOurs = await writeClaims(this.#options, claims());
    return isAllOurs ? plans : readPlans(this.#options, this.#reports);
  }

  /** A replica with an older file may have ended what this one knows: then it is planned once more. */
  async #plans(): Promise<Map<string, ActivePlan>> {
    const plans = await readPlans(this.#options, this.#reports);
    if (plans.size === this.#reports.size) return plans;
    await planMissing(this.#options, this.#reports, plans);
    return readPlans(this.#options, this.#reports);
  }

  #take(plans: ReadonlyMap<string, ActivePlan>): void {
    this.#earliest = null;
    for (const { nextAt } of plans.values())
      if (this.#earliest === null || nextAt.getTime() < this.#earliest) this.#earliest = nextAt.getTime();
    if (!this.#stopping.signal.aborted) this.#waker.set(this.#earliest);
  }

  /** One at a time, in the order asked for. */
  #alone(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** Wakes at one moment, and then at the next it is set to. */
interface Waker {
  /** Whole minutes, in milliseconds since 1970; null: nothing to wake for. */
  set(at: number | null): void;
  stop(): Promise<void>;
}

/**
 * node-cron waits for the earliest tick of all reports, given to it as a crontab of that minute, day and month. One task for
 * each report would walk through every tick it slept through, one by one: after a clock that stood at 1970 a minutely
 * one holds the process up for a quarter of an hour (node-cron 4.6.0, planBeat). This one has a tick a year.
 */
function createWaker(wake: () => void): Waker {
  let task: ScheduledTask | null = null;
  let setTo: number | null = null;
  return {
    set(at) {
      if (at === setTo) return;
      void task?.destroy();
      task = at === null ? null : wakeAt(new Date(at), wake);
      setTo = at;
    },
    async stop() {
      await task?.destroy();
      task = null;
    },
  };
}

function wakeAt(at: Date, wake: () => void): ScheduledTask {
  const crontab = `${at.getUTCMinutes()} ${at.getUTCHours()} ${at.getUTCDate()} ${at.getUTCMonth() + 1} *`;
  // What it wakes sets the task again, which must not happen while node-cron is still inside it.
  const later = () => void setImmediate(wake);
  // Woken late it says "missed" instead: what is missed is the ledger's to say.
  const task = schedule(crontab, later, { timezone: "UTC", suppressMissedWarning: true });
  task.on("execution:missed", later);
  return task;
}
