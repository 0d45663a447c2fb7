export { csvFormat } from "./csv/format.ts";
export { csvOptions } from "./csv/schema.ts";
export { fitArtifacts } from "./fit/artifacts.ts";
export { fitPictures } from "./fit/pictures.ts";
export { renderMail } from "./mail/mail.ts";
export { renderSlack } from "./slack/slack.ts";
