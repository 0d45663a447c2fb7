/** Signature, and the head of the chunk IHDR, which has the extent (https://www.w3.org/TR/png-3/, 5.2 and 11.2.1). */
const HEAD = [
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
] as const;

/** So many bytes of a PNG picture say how large it is. */
export const PNG_HEAD_BYTES = HEAD.length + 8;

export type PngHead = { readonly width: number; readonly height: number } | "no PNG" | "cut";

/** What the first bytes of a file say: its extent in pixels, that it is no PNG picture, or that it breaks off before it is known. */
export function pngHead(bytes: Uint8Array): PngHead {
  if (HEAD.some((byte, index) => bytes[index] !== byte)) return "no PNG";
  if (bytes.length < PNG_HEAD_BYTES) return "cut";
  const view = new DataView(bytes.buffer, bytes.byteOffset, PNG_HEAD_BYTES);
  return { width: view.getUint32(HEAD.length), height: view.getUint32(HEAD.length + 4) };
}
