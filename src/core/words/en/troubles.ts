/** Pages that a link leads to where it cannot do what it is for. */
export const troubles = {
  unknown: "This link does not work",
  unknownWhy: "It has expired, or part of it is missing.",
  askForNewLink: "Ask the sender of the report to send it again: it then comes with a new link.",

  gone: "The file is not here",
  goneWhy: "It has been deleted from this server, or it is on another one.",
  /** `owner` null: not known; `title` of the report, null likewise. */
  askForFile: (owner: string | null, title: string | null) =>
    `Try again in a minute. If it is still not here, ask ${owner ?? "the sender of the report"} to send ${title === null ? "it" : `“${title}”`} again.`,

  notSetUp: "This link can no longer be opened",
  notSetUpWhy: "Opening reports in Looker from here is no longer set up.",
  askSender: "Ask the sender of the report.",
  noSession: "Looker cannot be opened right now",
  noAnswer: "It did not answer. Try again in a minute.",
  refused: "It refused to start a session. The reason is in the log of the service that sends the reports.",
  reportIsWhole: "Nothing is missing from the report itself.",

  busy: "Too busy at the moment",
  tooOften: {
    opened: {
      title: "Opened too often",
      sentence: (times: number) =>
        `This link has been opened ${times} times within an hour, which is as often as it may be.`,
    },
    changed: {
      title: "Changed too often",
      sentence: (times: number) =>
        `This was changed ${times} times within an hour, which is as often as it may be.`,
    },
  },
  tryAgainIn: (minutes: number) => `Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
};

export type TroublePhrases = typeof troubles;
