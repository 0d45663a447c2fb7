import type { Clock } from "../../core/ports/clock.ts";
import { contractFault } from "../../core/ports/destination.ts";
import type { Notes } from "../../core/ports/ledger.ts";
import { NOTE_BYTES_MAX, type Notebook } from "../../core/ports/notebook.ts";

/** The notebook of each kind of destination, kept in the ledger. */
export function openNotebooks(ledger: Notes, clock: Pick<Clock, "now">): (kind: string) => Notebook {
  const byKind = new Map<string, Notebook>();
  return (kind) => {
    const notebook = byKind.get(kind) ?? openNotebook(kind, ledger, clock);
    byKind.set(kind, notebook);
    return notebook;
  };
}

function openNotebook(kind: string, ledger: Notes, clock: Pick<Clock, "now">): Notebook {
  return {
    read: (names) => ledger.notes(kind, names, clock.now()),
    async write(name, text, over) {
      if (Buffer.byteLength(text) > NOTE_BYTES_MAX)
        throw contractFault(kind, `keeps a note of more than ${NOTE_BYTES_MAX} bytes`);
      return ledger.writeNote(kind, { name, text }, over, clock.now());
    },
  };
}
