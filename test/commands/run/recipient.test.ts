import { expect, test } from "vitest";
import { readReports } from "../../../src/app/reports-file.ts";
import { deliveriesTo } from "../../../src/commands/run/recipient.ts";
import { openDesk } from "../house.ts";

const REPORTS = `version: 1
looker: { base_url: "https://looker.example.com", client_id: "\${ID}", client_secret: "\${SECRET}" }
email: { smtp: "\${SMTP}", from: reports@example.com }
slack: { token: "\${TOKEN}" }
reports:
  weekly:
    schedule: "0 8 * * mon"
    look: 42
    deliver:
      - email: { to: "Ops <ops@example.com>", cc: ana@example.com, bcc: [audit@example.com], reply_to: desk@example.com }
      - email: ana@example.com
      - slack: "#flight-ops"
      - slack: { user: ben@example.com }
`;

async function targets(recipient: string): Promise<string[]> {
  const desk = await openDesk(REPORTS);
  const report = readReports(desk.config, desk.io.env).config?.reports[0];
  if (report === undefined) throw new Error("the test's reports.yaml is wrong");
  return deliveriesTo(recipient, report).map((to) => String(report.deliver.indexOf(to) + 1));
}

test.each([
  ["ops@example.com", ["1"]],
  ["OPS@example.com", ["1"]],
  ["Somebody <ana@example.com>", ["1", "2"]],
  ["audit@example.com", ["1"]],
  ["#flight-ops", ["3"]],
  ["flight-ops", ["3"]],
  ["ben@example.com", ["4"]],
])("%s gets the deliveries %j", async (recipient, places) => {
  expect(await targets(recipient)).toEqual(places);
});

test.each(["opps@example.com", "desk@example.com", "example.com", ""])("%j gets none", async (recipient) => {
  await expect(targets(recipient)).rejects.toMatchObject({
    name: "ReportError",
    code: "config",
    message: expect.stringContaining(`weekly is not delivered to "${recipient}".`),
    advice:
      "Its recipients: ops@example.com, ana@example.com, audit@example.com, #flight-ops, ben@example.com.",
  });
});

test("a name that was mistyped is guessed", async () => {
  await expect(targets("opps@example.com")).rejects.toThrow('Did you mean "ops@example.com"');
});
