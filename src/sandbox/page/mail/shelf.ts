import type { SandboxMail } from "../../mail/server.ts";
import type { StoredMail } from "../../mail/store.ts";
import { type MailHeaders, type ReadMail, readMail, readMailHeaders } from "./reader.ts";

/** Mails that have been read whole, so that going through the tabs of one does not read it again. */
const readMailsMax = 8;

/** The kept messages, each read once: a stored message does not change. */
export type MailShelf = {
  newestFirst(): Promise<{ mail: StoredMail; headers: MailHeaders }[]>;
  find(id: string): Promise<StoredMail | undefined>;
  read(mail: StoredMail): Promise<ReadMail>;
};

export function mailShelf(source: Pick<SandboxMail, "messages">): MailShelf {
  const headers = new Map<string, Promise<MailHeaders>>();
  const mails = new Map<string, Promise<ReadMail>>();
  return {
    async newestFirst() {
      const stored = (await source.messages()).reverse();
      return Promise.all(
        stored.map(async (mail) => ({
          mail,
          headers: await kept(headers, mail.id, () => readMailHeaders(mail.file)),
        })),
      );
    },
    async find(id) {
      return (await source.messages()).find((mail) => mail.id === id);
    },
    read(mail) {
      const read = kept(mails, mail.id, () => readMail(mail.file));
      const oldest = mails.keys().next().value;
      if (mails.size > readMailsMax && oldest !== undefined) mails.delete(oldest);
      return read;
    },
  };
}

function kept<T>(known: Map<string, Promise<T>>, id: string, read: () => Promise<T>): Promise<T> {
  const found = known.get(id) ?? read();
  known.set(id, found);
  // What could not be read this time may be readable the next.
  found.catch(() => known.delete(id));
  return found;
}
