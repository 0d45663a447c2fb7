import { expect, test } from "vitest";
import { renderMail } from "../../../src/render/mail/mail.ts";
import { slackProblems } from "../../../src/render/slack/problems/post.ts";
import { renderSlack } from "../../../src/render/slack/slack.ts";
import { noticeParts } from "../../../src/render/words/notice.ts";
import { HOSTILE, notice } from "../sample.ts";

const DATA_WORDS = /\b0 rows|no rows|Open in Looker|Attached|<th|<caption/i;

test("indented lines are commands, and others are text whatever they begin with", () => {
  expect(
    noticeParts(
      "lookpost was stopped.\nIt went on.\n\n    docker exec 0a1 lookpost retry 0k3\n    lookpost resend 0k4 --json\n\nThen: lookpost retry 0k3",
    ),
  ).toEqual([
    { kind: "words", text: "lookpost was stopped.\nIt went on." },
    { kind: "command", text: "docker exec 0a1 lookpost retry 0k3" },
    { kind: "command", text: "lookpost resend 0k4 --json" },
    { kind: "words", text: "Then: lookpost retry 0k3" },
  ]);
  expect(noticeParts("")).toEqual([]);
});

test("facts and the heading above the steps are shown as such, and a good end in no alarm's colour", () => {
  const intro =
    "It works.\n\nWhat to do\n\nNothing.\n\n  Due\tMon <08:00>\n  Next run\tTue\n\n  not\tone\nof them";
  expect(noticeParts(intro).map(({ kind }) => kind)).toEqual(["words", "heading", "words", "facts", "words"]);
  const message = notice({ intro, tone: "good" });
  const { html, text } = renderMail(message);
  expect(html).toMatch(/<h2[^>]*>What to do<\/h2>/);
  expect(html).toMatch(/<td[^>]*>Due<\/td><td[^>]*>Mon &lt;08:00&gt;<\/td>/);
  expect(text).toContain("\n\nDue       Mon <08:00>\nNext run  Tue\n\n");
  expect(renderSlack(message).text).toContain("\nDue: Mon &lt;08:00&gt;\nNext run: Tue\n");
  expect(slackProblems(renderSlack(message))).toEqual([]);
  const alarm = /class="tag"[^>]*bgcolor="#a23a08"/;
  expect(html).not.toMatch(alarm);
  expect(renderMail(notice()).html).toMatch(alarm);
});

test("a notice by email says what happened, why and what to do, and nothing of data", () => {
  const { html, text } = renderMail(notice());
  expect(html).toContain("<title>Failed: Weekly flight delays</title>");
  expect(html).toMatch(/<h1[^>]*>Failed: Weekly flight delays<\/h1>/);
  expect(html).toMatch(/<td class="cmd"[^>]*monospace[^>]*>lookpost retry 0k3x9f2m7q1a<\/td>/);
  expect(html).toContain("mailto:flight-ops@example.com");
  expect(html).not.toMatch(DATA_WORDS);
  expect(text).not.toMatch(DATA_WORDS);
  expect(text.split("\n").slice(0, 7)).toEqual([
    "Failed: Weekly flight delays",
    "============================",
    "Due Monday 16 November 2026, 08:00 EST",
    "",
    "weekly-delays, due Mon 2026-11-16 08:00 EST, was not delivered.",
    "",
    "Section 2, “Delay by carrier”: Looker has no field flights.carier in faa/flights.",
  ]);
  expect(text).toContain("\n\n    lookpost retry 0k3x9f2m7q1a\n\n");
});

test("what a client shows next to the subject is the first thing that happened", () => {
  const { html } = renderMail(notice({ intro: "\n\n    lookpost retry 1\n\nIt was not delivered." }));
  expect(html).toMatch(/<div style="display:none[^>]*>It was not delivered\./);
});

test("a notice in Slack has its commands in boxes, and the same words in its plain text", () => {
  const { text, blocks } = renderSlack(notice());
  expect(blocks.map(({ type }) => type)).toEqual(["header", "context", "rich_text", "context"]);
  expect(blocks[0]).toMatchObject({ text: { text: "Failed: Weekly flight delays" } });
  expect(blocks[2]).toMatchObject({
    elements: [
      { type: "rich_text_section" },
      {
        type: "rich_text_preformatted",
        elements: [{ text: "lookpost retry 0k3x9f2m7q1a\nlookpost history --run 0k3x9f2m7q1a" }],
      },
    ],
  });
  expect(slackProblems({ text, blocks })).toEqual([]);
  expect(JSON.stringify(blocks) + text).not.toMatch(DATA_WORDS);
  expect(text.split("\n")).toEqual([
    "Failed: Weekly flight delays, due Monday 16 November 2026, 08:00 EST",
    "weekly-delays, due Mon 2026-11-16 08:00 EST, was not delivered.",
    "Section 2, “Delay by carrier”: Looker has no field flights.carier in faa/flights.",
    "Did you mean flights.carrier? Correct it in reports.yaml.",
    "lookpost retry 0k3x9f2m7q1a",
    "lookpost history --run 0k3x9f2m7q1a",
  ]);
});

test("anything that an error quotes stays text, and a long one does not break the message", () => {
  for (const words of [HOSTILE.join("\n\n"), "x".repeat(100_000), "a\n\n".repeat(20_000), ""]) {
    const message = notice({ intro: words, subject: `Failed: ${words.slice(0, 2_000)}` });
    const { html } = renderMail(message);
    expect(html).not.toMatch(/<script|<img|<h1>Gone/);
    const post = renderSlack(message);
    expect(slackProblems(post)).toEqual([]);
    expect(post.text).not.toContain("<!channel>");
  }
});
