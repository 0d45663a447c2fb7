import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { type ParsedMail, simpleParser } from "mailparser";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { run, temporaryFolder } from "./program.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) console.warn("Skipped: there is no python3 to read the email with");

const YAML = String.raw`version: 1
looker: { base_url: "$LOOKER_BASE_URL", client_id: "$LOOKER_CLIENT_ID", client_secret: "$LOOKER_CLIENT_SECRET" }
email: { smtp: "$SMTP_URL", from: reports@example.com }
slack: { token: "$SLACK_BOT_TOKEN", api_url: "$SLACK_API_URL" }
reports:
  hostile:
    title: "Cells\r\nBcc: eve@example.com \"quoted\" <b>🛫</b> \u202Etfel <!channel>"
    schedule: { cron: "0 8 * * mon", timezone: UTC }
    look: 81
    rows: 40
    deliver:
      - email: ops@example.com
        attach: { csv: { filename: "../a\n\"b\" 🛫 שלום \u202Evsc.exe" } }
      - slack: "#flight-ops"
        attach: csv
`;
