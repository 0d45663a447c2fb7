import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const fields = ["generated.id", "generated.name", "generated.amount", "generated.day", "generated.note"];

test.each(["csv", "json", "json_detail"])("100 MB of %s pass through a heap of 48 MB", (format) => {
  const index = fileURLToPath(new URL("../../../src/sandbox/warehouse/warehouse.ts", import.meta.url));
  const script = `
    const { openWarehouse } = await import(${JSON.stringify(index)});
    const now = new Date("2026-11-21T00:00:00Z");
    const options = { applyFormatting: true, generateDrillLinks: false, now, taskId: "t", fromCache: false, runtimeSeconds: 1, ranAt: now };
    const query = { model: "sandbox", view: "generated", fields: ${JSON.stringify(fields)}, limit: "-1", filters: { "generated.rows": "100000000" } };
    let characters = 0;
    for (const chunk of openWarehouse({ now: () => now }).run(query, options).bytes("${format}")) {
      characters += chunk.length;
      if (characters > 100e6) break;
    }
    process.stdout.write(String(characters > 100e6));
  `;
  const output = execFileSync(
    process.execPath,
    ["--max-old-space-size=48", "--input-type=module", "--eval", script],
    {
      encoding: "utf8",
    },
  );
  expect(output).toBe("true");
});
