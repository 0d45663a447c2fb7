import { expect, test } from "vitest";
import { connectionProblems } from "../../../src/app/check.ts";
import { language } from "../../../src/app/language.ts";
import { readConfig } from "../../../src/config/index.ts";

const ENV = {
  LOOKER_BASE_URL: "looker.example.com",
  LOOKER_CLIENT_ID: "client-id",
  LOOKER_CLIENT_SECRET: "client-secret",
  SMTP_URL: "smtp://127.0.0.1:25",
};
const HEAD = `version: 1
email: { smtp: "\${SMTP_URL}", from: reports@example.com, allowed_domains: [example.com] }
`;
const REPORT = '{ schedule: "0 8 * * *", look: 1, deliver: [{ email: ops@example.com }]';

function problemsOf(text: string): string[] {
  const options = { file: "reports.yaml", env: ENV, language, readFile: () => "" };
  const { config, problems } = readConfig(text, options);
  expect(problems).toEqual([]);
  return connectionProblems(config!, ENV).map(
    ({ line, column, report, message }) => `${line}:${column} ${report} ${message}`,
  );
}

test("what a connection does not allow is found in on_failure as in deliver", () => {
  const text = `${HEAD}reports:
  weekly: ${REPORT}, on_failure: { email: ops@elsewhere.example } }
  daily: ${REPORT}, on_failure: [{ email: ops@example.com }, { email: ana@elsewhere.example }] }
`;
  expect(problemsOf(text)).toEqual([
    "4:105 weekly ops@elsewhere.example is outside email.allowed_domains",
    "5:133 daily ana@elsewhere.example is outside email.allowed_domains",
  ]);
});

test("in defaults it is reported once, where it is, and not for reports that have their own", () => {
  const text = `${HEAD}defaults: { on_failure: { email: ops@elsewhere.example } }
reports:
  hourly: ${REPORT}, on_failure: [] }
  weekly: ${REPORT} }
  daily: ${REPORT} }
`;
  expect(problemsOf(text)).toEqual(["3:34 weekly ops@elsewhere.example is outside email.allowed_domains"]);
});
