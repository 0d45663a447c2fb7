import { expect, test } from "vitest";
import { watchFileState } from "../../../src/commands/service/file-state.ts";

/** A worker that keeps what it is told, and a clock whose sleeps end when the test says. */
function watched() {
  const noted: (string | null)[] = [];
  const sleeps: (() => void)[] = [];
  const clock = {
    now: () => new Date(0),
    sleep: () => new Promise<void>((resolve) => sleeps.push(resolve)),
  };
  const worker = { noteFileState: async (reason: string | null) => void noted.push(reason) };
  const stop = new AbortController().signal;
  const state = watchFileState(worker, { clock, stop, trouble: (thrown) => noted.push(String(thrown)) });
  const pass = async () => {
    for (const end of sleeps.splice(0)) end();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { state, noted, pass };
}

test("a start says that the file is whole: it may have been broken before", async () => {
  const { noted, pass } = watched();
  await pass();
  expect(noted).toEqual([null]);
});

test("a file that stays broken is noted with its latest reason, and that it is whole", async () => {
  const { state, noted, pass } = watched();
  state.broken("line 3");
  state.broken("line 4");
  await pass();
  state.whole();
  await pass();
  expect(noted).toEqual([null, "line 4", null]);
});

test("a file that an editor leaves broken for a moment is not", async () => {
  const { state, noted, pass } = watched();
  state.broken("line 3");
  state.whole();
  await pass();
  expect(noted).toEqual([null, null]);
  state.broken("line 5");
  await pass();
  expect(noted).toEqual([null, null, "line 5"]);
});
