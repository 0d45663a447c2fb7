import { setTimeout as after } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Outcome } from "../../src/core/model/outcome.ts";
import {
  type DestinationSchemas,
  type DestinationType,
  openDestination,
  type Surroundings,
} from "../../src/core/ports/destination.ts";
import { isLoopback } from "../../src/core/rules/secure-transport.ts";
import { quickClock, renderMail, renderSlack, sampleMessage, termsOf } from "./sample-message.ts";

/** A destination with all that the suite needs to try it. */
export interface Subject<C, O> {
  readonly type: DestinationType<C, O>;
  readonly schemas: DestinationSchemas<C, O>;
  /** A real server on loopback, or a folder. A new one for each test. */
  world(): Promise<World<C, O>>;
  /** Two of the real world, never reached: other servers, other addresses. Texts of theirs that must not be shown are in `secrets`. */
  readonly real: readonly [Real<C, O>, Real<C, O>];
  /** An entry of the first real one's server that is another address; and that one with other words (null: it has none). */
  readonly neighbour: O;
  readonly reworded: O | null;
  readonly secrets: readonly string[];
}

interface Real<C, O> {
  readonly connection: C;
  readonly options: O;
}

export interface World<C, O> {
  readonly connection: C;
  readonly options: O;
  /** What relative paths belong to. */
  readonly directory?: string;
  /** How many messages somebody can see. */
  arrived(): Promise<number>;
  /** The server takes the next message, and the connection breaks before it has said so. Absent: there is no server. */
  loseAnswer?(): void;
  /** It never answers the next call. */
  hang?(): void;
  /** It is gone. */
  vanish?(): Promise<void>;
}

const SANDBOX = {
  SMTP_URL: "smtp://127.0.0.1:2525",
  SLACK_BOT_TOKEN: "xoxb-sandbox",
  SLACK_API_URL: "http://127.0.0.1:4100/api/",
};

/** Closing takes a moment; what has not ended by then is waiting for the other side. */
const CLOSED_SECONDS_MAX = 30;

/** What every destination keeps to. A new one is a line in contract.test.ts. */
export function destinationContract<C, O>(subject: Subject<C, O>): void {
  const { type, schemas, real, neighbour, reworded, secrets } = subject;
  const [first, second] = real;

  async function open() {
    const world = await subject.world();
    const surroundings: Surroundings = {
      clock: quickClock(),
      directory: world.directory ?? "/nowhere",
      renderMail,
      renderSlack,
      redact: String,
    };
    const destination = openDestination(type, world.connection, surroundings);
    onTestFinished(() => destination.close());
    const deliver = (over: Parameters<typeof termsOf>[0] = {}): Promise<Outcome> =>
      destination.deliver(sampleMessage({ key: "one" }), world.options, termsOf(over));
    return { world, destination, deliver };
  }

  describe(`the ${type.kind} destination`, () => {
    test("commits right before the message can be seen, and says that it was sent after", async () => {
      const { world, deliver } = await open();
      const seen: number[] = [];
      const outcome = await deliver({ commit: async () => void seen.push(await world.arrived()) });
      expect(outcome).toMatchObject({ kind: "sent", externalId: expect.stringMatching(/./) });
      expect(seen.length).toBeGreaterThan(0);
      expect(seen[0]).toBe(0);
      expect(await world.arrived()).toBe(1);
    });

    test("leaves nothing where it may not commit", async () => {
      const { world, deliver } = await open();
      const commit = async () => {
        throw new Error("Another worker has it.");
      };
      expect(await deliver({ commit })).toMatchObject({ kind: "again" });
      expect(await world.arrived()).toBe(0);
    });

    test("that was stopped before it began has sent nothing and committed nothing", async () => {
      const { world, deliver } = await open();
      let commits = 0;
      const signal = AbortSignal.abort(new Error("The worker stops."));
      expect(await deliver({ signal, commit: () => (commits += 1) })).toMatchObject({ kind: "again" });
      expect([commits, await world.arrived()]).toEqual([0, 0]);
    });

    test("can be closed twice, and sends nothing after", async () => {
      const { world, destination, deliver } = await open();
      await destination.close();
      await destination.close();
      expect(await deliver()).toMatchObject({ kind: "again" });
      expect(await world.arrived()).toBe(0);
    });

    test("looks a message up where it says that it can, and only there", async () => {
      const { world, destination, deliver } = await open();
      expect(destination.find !== undefined).toBe(type.words.looksUp);
      const find = () =>
        destination.find?.(sampleMessage({ key: "one" }), new Date(0), world.options, termsOf());
      if (type.words.looksUp) expect(await find()).toBeNull();
      const outcome = await deliver();
      if (type.words.looksUp && outcome.kind === "sent") expect(await find()).toBe(outcome.externalId);
    });

    test("is open over its connection, and needs one where its schemas have one", () => {
      expect(type.needsConnection).toBe(schemas.connection !== null);
    });

    test("tells its addresses apart, whatever they are sent", () => {
      const identity = type.identity(first.options);
      expect(type.identity(structuredClone(first.options))).toBe(identity);
      if (reworded !== null) expect(type.identity(reworded)).toBe(type.identity(neighbour));
      expect(type.identity(neighbour)).not.toBe(identity);
      expect(type.identity(second.options)).not.toBe(identity);
    });

    test("has words for its recipients and servers, without secrets", () => {
      const server = type.server(first.options, first.connection);
      const shown = [type.describe(first.options), ...type.recipients(first.options)];
      if (server !== null) shown.push(server, type.words.server(server));
      expect(type.recipients(first.options).length).toBeGreaterThan(0);
      for (const text of shown) {
        expect(text).toMatch(/^[^\n\r]+$/);
        for (const one of secrets) expect(text).not.toContain(one);
      }
    });

    test("has one name for each of its servers", () => {
      const server = type.server(first.options, first.connection);
      expect(type.server(neighbour, first.connection)).toBe(server);
      if (server !== null) expect(type.server(second.options, second.connection)).not.toBe(server);
    });

    test("reaches nothing real in the demo, neither by its connection nor by its options", () => {
      for (const { connection, options } of real) {
        const moved = type.onSandbox.options(options, SANDBOX);
        if (moved === null) continue;
        const server = type.server(moved, type.onSandbox.connection(connection, SANDBOX));
        if (server === null) expect(JSON.stringify(moved)).not.toMatch(/"(\/|\.\.|[A-Z]:)/);
        const urls: string[] = JSON.stringify(moved).match(/\w+:\/\/[^\s"]+/g) ?? [];
        const reached = server === null ? urls : [server, ...urls];
        expect(reached.filter((url) => !isLoopback(new URL(url).hostname))).toEqual([]);
      }
    });

    if (type.server(first.options, first.connection) === null) return;

    test("does not know what became of a message whose answer was lost", async () => {
      const { world, deliver } = await open();
      world.loseAnswer?.();
      expect(await deliver()).toMatchObject({ kind: "unknown" });
      expect(await world.arrived()).toBe(1);
    });

    test("says of a server that is gone that others need not ask it", async () => {
      const { world, deliver } = await open();
      await world.vanish?.();
      expect(await deliver()).toMatchObject({ kind: "again", isServerOut: true });
    });

    test("ends what is under way when it is closed", async () => {
      const { world, destination, deliver } = await open();
      world.hang?.();
      const delivering = deliver();
      setTimeout(() => destination.close(), 100);
      const stuck = { kind: `still under way ${CLOSED_SECONDS_MAX} s after it was closed` };
      const outcome = await Promise.race([
        delivering,
        after(CLOSED_SECONDS_MAX * 1_000, stuck, { ref: false }),
      ]);
      expect(["again", "unknown"]).toContain(outcome.kind);
    });
  });
}
