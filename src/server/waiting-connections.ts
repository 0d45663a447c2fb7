import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Connections that have asked nothing yet, or nothing more. The oldest gives way to the next: who has something to ask asks at once. */
const WAITING_MAX = 60;

/** Keeps those who open connections and ask nothing from taking the places of those who ask: a probe always gets an answer. */
export function waitingConnections() {
  const sockets = new Set<Socket>();
  const enter = (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    const [oldest] = sockets;
    if (sockets.size > WAITING_MAX) oldest?.destroy();
  };
  const leave = (socket: Socket, response: ServerResponse) => {
    sockets.delete(socket);
    response.once("close", () => {
      if (!socket.destroyed) sockets.add(socket);
    });
  };
  return { enter, leave };
}
