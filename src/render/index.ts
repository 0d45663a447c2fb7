export { type CsvOptions, csvFormat, csvOptions } from "./csv-format.ts";
export { filename } from "./filename.ts";
export { type Fitted, fitArtifacts } from "./fit-artifacts.ts";
export { HTML_BYTES_MAX, renderMail } from "./mail.ts";
export { renderSlack } from "./slack.ts";
export { slackProblems } from "./slack-limits.ts";
