import type { Server as HttpServer } from "node:http";
import type { Server } from "node:net";

/** Listens on 127.0.0.1; 0: any free port. Resolves with the port; rejects with the system's error where it cannot be had. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      resolve(address !== null && typeof address === "object" ? address.port : port);
    });
  });
}

/** Ends every connection of a web server, also those that a fault left hanging. */
export function close(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
