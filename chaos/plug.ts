import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Stands between the workers and a server, and can be pulled. */
export interface Plug {
  /** The server's address with the plug's port in place of its own. */
  readonly url: string;
  /** Open connections break, and new ones are refused. */
  pull(): Promise<void>;
  /** As a cut cable: open connections and new ones get no answer, and no end. */
  silence(): void;
  restore(): Promise<void>;
  close(): Promise<void>;
}

export interface PlugOptions {
  /** More connections than these are answered with the line, and closed. */
  readonly cap?: { readonly connections: number; readonly line: string };
}

export async function plugFor(target: string, { cap }: PlugOptions = {}): Promise<Plug> {
  const address = new URL(target);
  const open = new Set<Socket>();
  let isSilent = false;
  let taken = 0;

  function accept(near: Socket): void {
    open.add(near);
    near.on("error", () => near.destroy()).on("close", () => open.delete(near));
    if (isSilent) return;
    if (cap !== undefined && taken >= cap.connections) {
      near.end(`${cap.line}\r\n`);
      return;
    }
    taken += 1;
    near.on("close", () => {
      taken -= 1;
    });
    const far = connect(Number(address.port), address.hostname);
    far.on("error", () => near.destroy()).on("close", () => near.destroy());
    near.on("close", () => far.destroy());
    near.pipe(far).pipe(near);
  }

  let server: Server = createServer(accept);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const breakAll = () => {
    for (const socket of open) socket.destroy();
  };
  const url = new URL(target);
  url.port = String(port);
  async function pull(): Promise<void> {
    const closed = server.listening ? once(server, "close") : null;
    server.close();
    breakAll();
    await closed;
  }
  return {
    url: target.endsWith("/") ? url.href : url.href.replace(/\/$/, ""),
    pull,
    silence() {
      isSilent = true;
      for (const socket of open) socket.pause().unpipe();
    },
    async restore() {
      isSilent = false;
      breakAll();
      if (server.listening) return;
      server = createServer(accept);
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    close: pull,
  };
}
