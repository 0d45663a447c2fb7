import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { type PlugOptions, plugFor } from "../../chaos/plug.ts";

/** A server that says back what it hears, behind a plug. */
async function pluggedEcho(options: PlugOptions = {}) {
  const server = createServer((socket) => socket.on("error", () => undefined).pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const plug = await plugFor(`smtp://127.0.0.1:${port}`, options);
  onTestFinished(async () => {
    await plug.close();
    server.close();
  });
  const dial = () => {
    const socket = connect(Number(new URL(plug.url).port), "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    return socket.on("error", () => undefined);
  };
  return { plug, dial };
}

/** Whether in order or not. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

async function answer(socket: Socket, word: string): Promise<string> {
  socket.write(word);
  const [chunk] = await once(socket, "data");
  return String(chunk);
}

test("a plug that is pulled breaks what is connected and refuses the rest, until it is restored", async () => {
  const { plug, dial } = await pluggedEcho();
  const first = dial();
  expect(await answer(first, "one")).toBe("one");
  const broken = closed(first);
  await plug.pull();
  await broken;
  const refused = connect(Number(new URL(plug.url).port), "127.0.0.1");
  expect((await once(refused, "error"))[0]).toMatchObject({ code: "ECONNREFUSED" });
  await plug.restore();
  expect(await answer(dial(), "two")).toBe("two");
});

test("a silent plug takes connections and says nothing", async () => {
  const { plug, dial } = await pluggedEcho();
  const before = dial();
  expect(await answer(before, "one")).toBe("one");
  plug.silence();
  const heard: string[] = [];
  const late = dial();
  for (const socket of [before, late])
    socket.on("data", (chunk) => heard.push(String(chunk))).write("hello?");
  await once(late, "connect");
  await plug.restore();
  await closed(late);
  expect(heard).toEqual([]);
  expect(await answer(dial(), "two")).toBe("two");
});

test("a plug with a cap turns further connections away in the server's words", async () => {
  const { dial } = await pluggedEcho({ cap: { connections: 1, line: "421 too many" } });
  const first = dial();
  expect(await answer(first, "one")).toBe("one");
  expect(String((await once(dial(), "data"))[0])).toBe("421 too many\r\n");
  first.destroy();
  await expect.poll(async () => answer(dial(), "two")).toBe("two");
});
