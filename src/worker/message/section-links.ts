import { ReportError } from "../../core/error.ts";
import type { MessageSection } from "../../core/model/message.ts";
import type { Report } from "../../core/model/report.ts";
import type { LinkStore } from "../../core/ports/link-store.ts";

/** What a report's links need: addresses of this worker's own, for signed ones. */
export interface Linking {
  readonly report: Pick<Report, "link">;
  readonly runId: string;
  readonly links: LinkStore | null;
}

/**
 * The sections with the addresses that recipients get in place of Looker's own. Signed sessions are opened behind addresses that expire:
 * they are made for each delivery, since one may be made long after the message was. Throws ReportError `config` where this worker
 * has no addresses.
 */
export function linkedSections(
  sections: readonly MessageSection[],
  { report: { link }, runId, links }: Linking,
): Promise<readonly MessageSection[]> {
  return Promise.all(
    sections.map(async (section) => {
      const { data } = section;
      if (data === null || data.url === null || link === "looker") return section;
      const url = link === "none" ? null : await signing(links).embed(data.url, runId);
      return { ...section, data: { ...data, url } };
    }),
  );
}

/** Throws as `linkedSections`: before anything is made that cannot be sent. */
export function checkLinks({ report, links }: Linking): void {
  if (report.link === "embed") signing(links);
}

function signing(links: LinkStore | null): LinkStore {
  if (links !== null) return links;
  throw new ReportError("This worker has no address of its own, which signed links need.", {
    code: "config",
    advice: "Give `server:` its `url:`, or let the report have `link: looker`.",
  });
}
