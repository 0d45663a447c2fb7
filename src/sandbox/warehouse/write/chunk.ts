export const CHUNK_CHARACTERS = 64 * 1024;

/** Joins short pieces into chunks of about 64 kB, so that whoever writes them to a socket has few writes to make. */
export function* chunks(pieces: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length >= CHUNK_CHARACTERS) {
      yield chunk;
      chunk = "";
    }
  }
  if (chunk !== "") yield chunk;
}
