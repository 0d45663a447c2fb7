import type { ScheduleShape } from "../../rules/schedule-shape.ts";
import { numbers } from "./numbers.ts";

const { count, listed } = numbers;

/** What a shortened list has more of. */
export type ListedThing =
  | "file"
  | "section"
  | "notice"
  | "row"
  | "value"
  | "filter"
  | "line"
  | "group"
  | "part";

export const frame = {
  openInLooker: "Open in Looker",
  /** Before who is asked. */
  questions: "Questions?",
  untitled: "Untitled",
  report: "Report",
  titled: (title: string, words: string) => `${title}: ${words}`,
  /** Where a list is cut: "12 more files". */
  more,
  andMore: (number: number, thing: ListedThing) => `and ${more(number, thing)}`,
  andMoreToDownload: (files: number) => `and ${more(files, "file")} to download`,
  /** Of a list whose items have no name here. */
  andOthers: (number: number) => `and ${count(number)} more`,
  moreNotices: (number: number) => `And ${more(number, "notice")}.`,
  note: (sentence: string) => `Note: ${sentence}`,
  picture: (alt: string) => `[Picture: ${alt}]`,

  due: (moment: string) => `Due ${moment}`,
  noticed: (moment: string) => `Noticed ${moment}`,
  /** `moment`: as `dates.moment` has it. */
  ran: (moment: string) => `Run by Looker ${moment}`,
  ranFromCache: (moment: string) => `From Looker’s cache, run ${moment}`,
  /** Of several sections; `from` and `to` without their "at" or "on". */
  ranBetween: (from: string, to: string) => `Run by Looker between ${from} and ${to}`,
  /** What is of one section alone. */
  ofSection: (title: string, words: string) => `${title}: ${words.charAt(0).toLowerCase()}${words.slice(1)}`,
  moreFromCache: (number: number) => `${count(number)} more from Looker’s cache`,
  nothingNewer: (ran: string) => `${ran}: nothing newer was to be had.`,

  /** "You get this every Monday at 07:00 GMT through ops@example.com." At least one of the two is there. */
  whyYouGetIt: (every: string | null, recipient: string | null) =>
    `You get this${every === null ? "" : ` ${every}`}${recipient === null ? "" : ` through ${recipient}`}.`,
  every: (shape: ScheduleShape, zone: string) => `${whenWords(shape)} at ${listed(shape.times)} ${zone}`,
  stop: "Stop this mail",
  ask: "Ask about a figure",
  askNotice: "Ask about it",
  askSubject: (title: string) => `Question about ${title}`,
  unsubscribeSubject: (report: string) => `Unsubscribe ${report}`,
  reportNamed: (report: string) => `Report ${report}`,
  run: (id: string) => `run ${id}`,
  sentBy: (name: string) => `sent by ${name}`,
  madeBy: (name: string) => `made by ${name}`,

  textCut: "The text goes on; it is cut off here.",
  noRoomForText: "There is no room for this text here.",
  sectionShortened: "This section is shortened: there is no room for all of it here.",
  figuresShortened: "These figures are shortened: there is no room for all of them here.",
  noRoomFor,
  noRoomAndAdvice: (sections: number) =>
    `${noRoomFor(sections)} Open the report’s content in Looker, or split the report in two.`,
  tooMuch: "Too much for one message, so not shown here:",
  andMoreThatDoesNotFit: "… and more, which does not fit here.",
  pictureName: "Picture",
  chart: "Chart",
  value: "Value",
  results: "Results",
};

export type FramePhrases = typeof frame;

function more(number: number, thing: ListedThing): string {
  return `${count(number)} more ${thing}${number === 1 ? "" : "s"}`;
}

function noRoomFor(sections: number): string {
  return `${more(sections, "section")} ${sections === 1 ? "does" : "do"} not fit into this message.`;
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

function whenWords(shape: ScheduleShape): string {
  switch (shape.kind) {
    case "daily":
      return "every day";
    case "weekdays":
      return "from Monday to Friday";
    case "weekly":
      return `every ${listed(shape.days.map((day) => DAYS[day] ?? ""))}`;
    case "monthly":
      return `on the ${listed(shape.days.map(ordinal))} ${shape.days[0] === "last" ? "day " : ""}of each month`;
  }
}

function ordinal(day: number | "last"): string {
  if (day === "last") return day;
  const ends = ["th", "st", "nd", "rd"];
  const end = day > 10 && day < 20 ? "th" : (ends[day % 10] ?? "th");
  return `${day}${end}`;
}
