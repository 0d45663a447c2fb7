import type { Clock } from "../../../core/ports/clock.ts";
import { NOTE_BYTES_MAX, type Notebook } from "../../../core/ports/notebook.ts";
import { type AnswerReader, foreign, list, shape, text } from "../answer.ts";

/** A channel as Slack listed it. */
export interface Listed {
  readonly id: string;
  /** When, in milliseconds. */
  readonly at: number;
}

/** How far the list has been read. Times in it are spans: the clocks of workers differ. */
export interface Reading {
  /** Of this reading: the next one has another. */
  readonly id: string;
  /** Its parts are kept apart from those of the reading before, which a worker may still be at. */
  readonly shelf: number;
  readonly types: string;
  /** Of the next page; "": the first. */
  readonly cursor: string;
  /** Pages read, the parts in which they are kept, and the channels in those. */
  readonly pages: number;
  readonly parts: number;
  readonly channels: number;
  readonly end: "open" | "whole" | "cut";
  /** How often it was set back to its beginning. */
  readonly beginnings: number;
  /** Ids of channels that were not what the last reading said: this one was begun for them. */
  readonly distrusted: readonly string[];
  /** Who reads on, in this process or another; "": no one. */
  readonly reader: string;
  /** For so long after it was written no one else asks Slack: the reader is at it, or Slack wants to be left alone. */
  readonly quietMs: number;
  /** How long it has gone on, and how long it was since its last page, when it was written. */
  readonly tookMs: number;
  readonly sincePageMs: number;
}

/** The reading as it was written last. */
export interface Kept {
  readonly reading: Reading;
  readonly version: number;
  /** Since it was written. */
  readonly ageMs: number;
}

/** The list as the notebook has it, with a copy of its channels in this process. */
export interface KeptList {
  /** Brings the copy up to what any worker has written. Null: there is none; `version`: what to write over. */
  refresh(): Promise<{ readonly kept: Kept | null; readonly version: number }>;
  /** From the copy. */
  channel(name: string): Listed | null;
  names(): readonly string[];
  /** Writes the reading where it still has this version; with it, the channels that its latest page brought. Null: another was quicker. */
  write(reading: Reading, over: number, more?: readonly NamedChannel[]): Promise<number | null>;
}

export interface NamedChannel {
  readonly name: string;
  readonly id: string;
}

/** Channels of one note: about 50 bytes each. */
const PART_CHANNELS_MAX = 1_000;
/** Notes read in one go. */
const PARTS_AT_ONCE = 50;

export function keptList(notebook: Notebook, book: string, clock: Clock): KeptList {
  const listName = `${book} list`;
  const partName = (shelf: number, part: number) => `${book} part ${shelf}.${part}`;
  let copy: { readonly id: string; parts: number; readonly channels: Map<string, Listed> } = emptyCopy("");

  /** False where a part is missing or another reading's by now. */
  async function complete({ id, shelf, parts }: Reading): Promise<boolean> {
    if (copy.id !== id) copy = emptyCopy(id);
    const own = copy;
    while (own.parts < parts) {
      const first = own.parts;
      const count = Math.min(PARTS_AT_ONCE, parts - first);
      const wanted = Array.from({ length: count }, (_, index) => partName(shelf, first + index));
      const notes = new Map((await notebook.read(wanted)).map((note) => [note.name, note]));
      for (const name of wanted) {
        const note = notes.get(name);
        const part = note === undefined ? null : partOf(note.text);
        if (note === undefined || part?.id !== id) return false;
        const at = clock.now().getTime() - note.ageMs;
        for (const [channel, channelId] of part.channels) own.channels.set(channel, { id: channelId, at });
      }
      // Another call may have read the same meanwhile, or more.
      own.parts = Math.max(own.parts, first + count);
    }
    return true;
  }

  return {
    async refresh() {
      const [note] = await notebook.read([listName]);
      if (note === undefined) return { kept: null, version: 0 };
      const { version, ageMs } = note;
      const reading = readingOf(note.text);
      const isThere = reading !== null && (await complete(reading));
      return { kept: isThere ? { reading, version, ageMs } : null, version };
    },
    channel: (name) => copy.channels.get(name) ?? null,
    names: () => [...copy.channels.keys()],
    async write(reading, over, more = []) {
      let { parts } = reading;
      for (let at = 0; at < more.length; at += PART_CHANNELS_MAX, parts += 1) {
        const channels = more.slice(at, at + PART_CHANNELS_MAX).map(({ name, id }) => [name, id]);
        await notebook.write(
          partName(reading.shelf, parts),
          JSON.stringify({ id: reading.id, channels }),
          null,
        );
      }
      const channels = reading.channels + more.length;
      return notebook.write(listName, JSON.stringify({ ...reading, parts, channels }), over);
    },
  };
}

function emptyCopy(id: string) {
  return { id, parts: 0, channels: new Map<string, Listed>() };
}

/** What Slack allows is far less: a name of 80 characters, an id of about 11. */
const CHANNEL_CHARS_MAX = NOTE_BYTES_MAX / PART_CHANNELS_MAX / 4;

/** Whether it can be kept, and be the name of a channel at all. */
export function isKeepable({ name, id }: NamedChannel): boolean {
  return name !== "" && id !== "" && name.length + id.length < CHANNEL_CHARS_MAX - 10;
}

const part = shape({ id: text, channels: list(list(text)) });

function partOf(json: string): { id: string; channels: [string, string][] } | null {
  const read = parsed(json, part);
  if (read === null) return null;
  return { id: read.id, channels: read.channels.map(([name = "", id = ""]) => [name, id]) };
}

const whole: AnswerReader<number> = (value) => (typeof value === "number" && value >= 0 ? value : 0);

const reading = shape({
  id: text,
  shelf: whole,
  types: text,
  cursor: text,
  pages: whole,
  parts: whole,
  channels: whole,
  end: text,
  beginnings: whole,
  distrusted: list(text),
  reader: text,
  quietMs: whole,
  tookMs: whole,
  sincePageMs: whole,
});

/** Null for what another version of lookpost may have written. */
function readingOf(json: string): Reading | null {
  const read = parsed(json, reading);
  const end = (["open", "whole", "cut"] as const).find((one) => one === read?.end);
  return read === null || end === undefined ? null : { ...read, end };
}

function parsed<T>(json: string, reader: AnswerReader<T>): T | null {
  const parse = foreign<T>((value) => reader(value));
  try {
    return parse(JSON.parse(json)) ?? null;
  } catch {
    return null;
  }
}
