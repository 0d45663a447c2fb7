export { type EmailDeps, openEmail } from "./email.ts";
export { disallowedAddresses, type EmailConnection, emailConnection } from "./email-connection.ts";
export { type EmailOptions, emailOptions } from "./email-options.ts";
export { openSlack, type SlackDeps } from "./slack.ts";
export { type SlackConnection, type SlackOptions, slackConnection, slackOptions } from "./slack-options.ts";
