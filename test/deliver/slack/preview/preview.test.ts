import { rm } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import type { SlackPost } from "../../../../src/core/model/digest.ts";
import type { Message } from "../../../../src/core/model/message.ts";
import type { PreviewFile } from "../../../../src/core/ports/destination.ts";
import { slackConnection, slackOptions } from "../../../../src/deliver/slack/schema.ts";
import { openSlack } from "../../../../src/deliver/slack/slack.ts";
import { startSandboxSlack } from "../../../../src/sandbox/slack/server.ts";
import { renderSlack, sampleMessage, systemClock, termsOf } from "../../sample-message.ts";
import { artifactOf, scratchFolder } from "../../scratch.ts";

async function preview(
  message: Partial<Message> = {},
  render: (message: Message, files?: ReadonlyMap<string, string>) => SlackPost = renderSlack,
  to: unknown = { channel: "#flight-ops", message: "Good morning." },
): Promise<Map<string, string>> {
  const connection = slackConnection.parse({ token: "xoxb-secret", api_url: "http://127.0.0.1:9/api/" });
  const destination = openSlack(connection, { renderSlack: render, clock: systemClock });
  const files = (await destination.preview?.(sampleMessage(message), slackOptions.parse(to))) ?? [];
  return new Map(files.map(({ name, contents }: PreviewFile) => [name, String(contents)]));
}

test("a preview is the post's arguments, its text and a page, without the token and without a call", async () => {
  const files = await preview();
  expect([...files.keys()]).toEqual(["post.json", "post.txt", "post.html"]);
  expect(files.get("post.txt")).toBe("Weekly flight delays: Good morning.\n");
  expect([...files.values()].join()).not.toContain("xoxb");
  // An escaped quote in a style ends the rule that it is in, and the page shows in the browser's own face.
  const style = /<style>(.*?)<\/style>/s.exec(files.get("post.html") ?? "")?.[1] ?? "";
  expect(style).toContain('font: 15px/1.47 "Lato", system-ui');
  expect(style).not.toMatch(/&\w+;/);
});

test("post.json is what is posted, but for the channel's id and those of files", async () => {
  const outbox = await scratchFolder();
  const server = await startSandboxSlack({ outbox });
  onTestFinished(() => server.close());
  const destination = openSlack(slackConnection.parse({ token: server.token, api_url: server.url }), {
    renderSlack,
    clock: systemClock,
  });
  const options = slackOptions.parse("#flight-ops");
  await destination.deliver(sampleMessage(), options, termsOf());
  const sent = server.requests.find(({ method }) => method === "chat.postMessage")?.args ?? {};
  const shown = JSON.parse((await preview({}, renderSlack, "#flight-ops")).get("post.json") ?? "");
  const read = (value: unknown) => (/^[[{tf]/.test(String(value)) ? JSON.parse(String(value)) : value);
  const posted = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, read(value)]));
  expect({ ...shown, channel: null }).toEqual({ ...posted, channel: null });
});

test("post.html stands alone: pictures in it, everything escaped, files named", async () => {
  const { file } = await artifactOf("chart.png", Buffer.from("png"));
  const evil = "<script>alert(1)</script>";
  const gone = { ...file, path: `${file.path}-gone` };
  const pictures = [
    { name: "chart.png", file, width: 1, height: 1, alt: evil },
    { name: "gone.png", file: gone, width: 1, height: 1, alt: `gone ${evil}` },
  ];
  const text = (words: string) => ({ type: "text", text: words });
  const rich = (type: string, elements: unknown[]) => ({ type, elements });
  const axes = {
    series: [{ name: evil, data: [{ label: evil, value: 3 }] }],
    axis_config: { categories: [evil] },
  };
  const files = await preview({ pictures, artifacts: [await artifactOf(`${evil}.csv`, "a")] }, (_, ids) => ({
    text: evil,
    blocks: [
      { type: "header", text: { type: "plain_text", text: evil } },
      { type: "context", elements: [{ type: "mrkdwn", text: "<https://x.example/?a=1&amp;b|Open>" }] },
      {
        type: "section",
        fields: [
          { type: "mrkdwn", text: "Flights\n*12*" },
          { type: "plain_text", text: evil },
        ],
      },
      ...pictures.map(({ name, alt }) => ({
        type: "image",
        slack_file: { id: ids?.get(name) },
        alt_text: alt,
      })),
      {
        type: "data_table",
        caption: evil,
        rows: [[{ type: "raw_text", text: evil }], [{ type: "raw_number", value: 1, text: "1" }]],
      },
      {
        type: "rich_text",
        elements: [
          rich("rich_text_section", [
            text(evil),
            { type: "link", url: "javascript:alert(1)", text: "no link" },
          ]),
          { ...rich("rich_text_list", [rich("rich_text_section", [text("item")])]), style: "bullet" },
          rich("rich_text_preformatted", [text("code")]),
          rich("rich_text_quote", [text("quote")]),
        ],
      },
      { type: "data_visualization", title: evil, chart: { type: "bar", ...axes } },
      {
        type: "data_visualization",
        title: "p",
        chart: { type: "pie", segments: [{ label: evil, value: 1 }] },
      },
    ],
  }));
  const page = files.get("post.html") ?? "";
  expect(page).toContain('<img src="data:image/png;base64,cG5n" alt="&lt;script&gt;');
  expect(page).toContain("[gone &lt;script&gt;");
  expect(page).toContain(
    '<a href="https://x.example/?a=1&amp;b" target="_blank" rel="noopener noreferrer">Open</a>',
  );
  expect(page).toContain("<strong>12</strong>");
  expect(page).toContain('<td class="to-right">1</td>');
  expect(page).toContain("<li>item</li>");
  expect(page).toMatch(/<rect [^>]*fill=/);
  expect(page).toContain("In its thread");
  expect(page).toContain(".blocks .chart > svg");
  expect(page).not.toMatch(/<script|javascript:|(?:src|href)="(?!data:image|https:\/\/x\.example)|NaN/);
  await rm(file.path);
});

test("a post of text alone is shown as its text", async () => {
  const files = await preview({}, () => ({ text: "a &lt;b&gt;", blocks: [] }));
  expect(JSON.parse(files.get("post.json") ?? "")).not.toHaveProperty("blocks");
  expect(files.get("post.html")).toContain('<pre class="alone">a &lt;b&gt;</pre>');
});
