import { Transform } from "node:stream";

const headBytesMax = 16 * 1024;

/**
 * Passes on the content of the first part of a multipart body (RFC 2046, 5.1) as it comes, and drops the rest.
 * Fails where the part's headers never end or the closing boundary never comes.
 */
export function firstPart(boundary: string): Transform {
  const end = Buffer.from(`\r\n--${boundary}`);
  let state: "head" | "content" | "done" = "head";
  let held = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (state === "done") return done();
      held = Buffer.concat([held, chunk]);
      if (state === "head") {
        const headEnd = held.indexOf("\r\n\r\n");
        if (headEnd < 0) {
          return held.length > headBytesMax ? done(new Error("the part's headers do not end")) : done();
        }
        held = held.subarray(headEnd + 4);
        state = "content";
      }
      const contentEnd = held.indexOf(end);
      if (contentEnd >= 0) {
        this.push(held.subarray(0, contentEnd));
        state = "done";
        held = Buffer.alloc(0);
      } else if (held.length > end.length) {
        // The last bytes could be the beginning of the boundary.
        this.push(held.subarray(0, held.length - end.length));
        held = held.subarray(held.length - end.length);
      }
      done();
    },
    flush(done) {
      done(state === "done" ? null : new Error("the multipart body ends without its boundary"));
    },
  });
}
