export { openEmail } from "./email.ts";
export { disallowedAddresses, emailConnection } from "./email-connection.ts";
export { type EmailOptions, emailOptions } from "./email-options.ts";
export { openFile } from "./file.ts";
export { type FileOptions, fileOptions } from "./file-options.ts";
export { openSlack } from "./slack.ts";
export { slackConnection, slackOptions } from "./slack-options.ts";
