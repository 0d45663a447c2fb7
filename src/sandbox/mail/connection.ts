import type { Socket } from "node:net";
import type { SMTPServer, SMTPServerSession } from "smtp-server";

/**
 * The part of smtp-server's connection object that faults need. Its hooks can only accept or refuse: cutting
 * the line, and refusing DATA before the 354, are not among them.
 */
export type Connection = {
  id: string;
  _socket: Socket;
  send(code: number, text: string): void;
  handler_DATA(command: Buffer, done: () => void): void;
};

export function connectionOf(server: SMTPServer, session: SMTPServerSession): Connection {
  const connections: Iterable<Connection> = server.connections;
  for (const connection of connections) {
    if (connection.id === session.id) return connection;
  }
  throw new Error(`SMTP session ${session.id} has no connection any more`);
}
