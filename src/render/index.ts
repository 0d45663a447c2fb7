export { csvFormat, csvOptions } from "./csv-format.ts";
export { fitArtifacts } from "./fit-artifacts.ts";
export { renderMail } from "./mail.ts";
export { renderSlack } from "./slack.ts";
