import { Readable } from "node:stream";

/** What is asked on the message's way out. What either throws keeps the final dot from being sent. */
export interface Gate {
  /** Right before the first bytes are handed on. */
  open(): Promise<void>;
  /** Right before the end. */
  close(): Promise<void>;
}

/**
 * The message on its way to the server, behind a gate. nodemailer writes the final dot once the stream has ended, and a
 * message without its final dot is no message (RFC 5321, 4.1.1.4): what the gate throws leaves nothing behind. Nothing is
 * read ahead: asked too early, the gate would speak of a moment long before the bytes left.
 */
export function gated(input: Readable, gate: Gate): Readable {
  const chunks = input[Symbol.asyncIterator]();
  let isOpen = false;
  const next = async (): Promise<unknown> => {
    if (!isOpen) await gate.open();
    isOpen = true;
    const { value, done } = await chunks.next();
    if (done !== true) return value;
    await gate.close();
    return null;
  };
  return new Readable({
    highWaterMark: 0,
    read() {
      next().then(
        (chunk) => this.push(chunk),
        (error: Error) => this.destroy(error),
      );
    },
    destroy(error, done) {
      input.destroy();
      done(error);
    },
  });
}
