/** Pages that recipients open: the report as a page, and what their links lead to. */
export const pages = {
  sections: "Sections",
  theData: (rows: string) => `The data: ${rows}`,

  size: "Size",
  rows: "Rows",
  due: "Due",
  until: "Until",
  download: "Download",
  anyoneCanDownload: "Anyone with this link can download the file until then.",
  openInLooker: "Open in Looker",
  opensWithoutAccount: "Opens in Looker, without an account there.",
  anyoneCanOpen: "Anyone with this link can open it until then.",
  /** The last sentence of a page. */
  questions: (owner: string) => `Questions: ${owner}.`,

  stopTitle: "Stop this report?",
  /** Sentences about an address are in two pieces around it. */
  sentTo: ["It is sent to ", ""] as readonly [string, string],
  ifYouStop: "If you stop it, it is not sent to this address any more.",
  stop: "Stop it",
  othersStill: "Everyone else who gets it still does.",
  stopped: "Stopped",
  notSentTo: ["It is not sent to ", " any more. One that is on its way may still arrive."] as readonly [
    string,
    string,
  ],
  getAgain: "Get it again",
  again: "You get it again",
  sentAgainTo: ["From the next one on, it is sent to ", "."] as readonly [string, string],
  linkStops: "The link in any of its messages stops it.",
};

export type PagePhrases = typeof pages;
