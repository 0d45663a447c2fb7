import { HtmlValidate } from "html-validate";
import { expect, test } from "vitest";
import { renderMail } from "../../src/render/mail/mail.ts";
import { LINTED } from "./samples.ts";

/** What html-validate recommends for pages, except these rules, which do not suit mail. */
const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    // Both spellings mean the same, and every client knows them.
    "doctype-style": "off",
    // Outlook for Windows lays out by Word: it alone reads these, and needs them for a fixed width.
    "no-conditional-comment": "off",
    // align, bgcolor, border, cellpadding, valign, nowrap: Outlook for Windows and old webmail read attributes where they drop styles.
    "no-deprecated-attr": "off",
    // Gmail drops the style sheet of a message that is forwarded or clipped, and of accounts that are not its own.
    "no-inline-style": "off",
    // "presentation" is the older word for the same role, known to more screen readers than "none".
    "presentation-role-style": "off",
    // Layout tables have no body; in 90 kB every tag counts.
    "prefer-tbody": "off",
  },
});

test.each(Object.entries(LINTED))(
  "html-validate has no complaint about the %s digest",
  async (_, message) => {
    const { results } = await validator.validateString(renderMail(message).html);
    const said = results.flatMap(({ messages }) =>
      messages.map(({ ruleId, line, column, message: words }) => `${line}:${column} ${words} (${ruleId})`),
    );
    expect(said).toEqual([]);
  },
);
