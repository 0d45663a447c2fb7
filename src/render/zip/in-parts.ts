/** Of what a destination takes: a file that is larger may find no room beside others. */
const SHARE = 4;

/**
 * Whether a file of several sections is made once more as a file for each of them, to be sent in its place where the whole finds no
 * room: it is larger than a destination takes (`bytesMax`), or than a quarter of that, when it may still be too large beside
 * other files and pictures. Smaller ones are not what makes files too large together.
 */
export function needsParts(bytes: number, sections: number, bytesMax: number): boolean {
  return sections > 1 && bytes > bytesMax / SHARE;
}
