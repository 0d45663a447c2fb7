import { expect, test } from "vitest";
import { bareConfig } from "../../src/app/config.ts";
import { onSandbox } from "../../src/app/on-sandbox.ts";
import { emailConnection, emailOptions } from "../../src/deliver/email/schema.ts";
import { fileOptions } from "../../src/deliver/file/schema.ts";
import { slackConnection, slackOptions } from "../../src/deliver/slack/schema.ts";
import { REPORT } from "../worker/open-pipeline.ts";

const SANDBOX = {
  env: {
    SMTP_URL: "smtp://127.0.0.1:2525",
    SLACK_BOT_TOKEN: "xoxb-sandbox",
    SLACK_API_URL: "http://127.0.0.1:4100/api/",
  },
  outbox: "/tmp/outbox",
};

const entry = (kind: string, options: unknown) => ({ destination: { kind, options }, attach: [] });

test("the demo reaches no address of the file: of a connection, or of a destination's options", () => {
  const moved = onSandbox(
    {
      ...bareConfig(),
      connections: {
        email: emailConnection.parse({ smtp: "smtps://ana:hunter2@mail.example.com", from: "a@example.com" }),
        slack: slackConnection.parse({ token: "xoxb-hunter2" }),
      },
      reports: [
        {
          ...REPORT,
          deliver: [
            entry("email", emailOptions.parse("ops@example.com")),
            entry("slack", slackOptions.parse("#ops")),
            entry("file", fileOptions.parse("/srv/reports")),
            entry("file", fileOptions.parse("../../shared/reports")),
            entry("file", fileOptions.parse("./out/reports")),
          ],
          onFailure: [entry("file", fileOptions.parse("/srv/failures"))],
        },
      ],
    },
    SANDBOX,
  );
  expect(moved.store).toEqual({ kind: "file", directory: "/tmp/outbox/data" });
  const { server } = moved.connections.email as { server: { host: string; login: unknown } };
  expect(server).toMatchObject({ host: "127.0.0.1", login: null });
  expect(moved.connections.slack).toEqual({ token: "xoxb-sandbox", apiUrl: "http://127.0.0.1:4100/api/" });
  const [report] = moved.reports;
  const paths = [...(report?.deliver ?? []), ...(report?.onFailure ?? [])].flatMap(({ destination }) =>
    destination.kind === "file" ? [(destination.options as { path: string }).path] : [],
  );
  expect(paths).toEqual(["srv/reports", "shared/reports", "./out/reports", "srv/failures"]);
  expect(JSON.stringify(moved)).not.toContain("hunter2");
});
