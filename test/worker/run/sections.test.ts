import { expect, test } from "vitest";
import { openHouse } from "../house.ts";

test("a Look without a limit is fetched in both forms where files want it raw and as rendered", async () => {
  const { run, mails, sandbox } = await openHouse(`
  both:
    schedule: { cron: "0 8 * * mon", timezone: UTC }
    look: 80
    deliver:
      - email: ops@example.com
        attach: [{ csv: { filename: shown } }, { csv: { raw: true, filename: raw } }]
`);
  expect((await run("both")).run).toMatchObject({ state: "delivered" });
  expect(sandbox.looker.tasks()).toHaveLength(2);
  const [mail] = await mails();
  const [shown, raw] = (mail?.attachments ?? []).map(({ content }) => content.toString().split("\r\n"));
  expect(shown?.length).toBe(raw?.length);
  expect(shown?.length).toBeGreaterThan(100);
  expect(shown).not.toEqual(raw);
});
