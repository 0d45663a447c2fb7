import { AsyncLocalStorage } from "node:async_hooks";
import { onTestFinished, type TestContext, test } from "vitest";

type Finishing = (cleanUp: () => unknown) => void;
const finishing = new AsyncLocalStorage<Finishing>();

/** A test that runs at the same time as the others of its file: most of the time, each waits for its processes. */
export function journey(
  name: string,
  work: (context: TestContext) => Promise<void>,
  { skip = false }: { skip?: boolean } = {},
): void {
  const inContext = (context: TestContext) =>
    finishing.run(
      (cleanUp) => context.onTestFinished(async () => void (await cleanUp())),
      () => work(context),
    );
  test(name, { skip, concurrent: true }, inContext);
}

/** As onTestFinished of vitest, which does not know which of several tests at once is meant. */
export function whenFinished(cleanUp: () => unknown): void {
  const finish = finishing.getStore() ?? onTestFinished;
  finish(async () => {
    await cleanUp();
  });
}
