import { expect, test } from "vitest";
import { blocksHtml } from "../../../../src/deliver/slack/preview/blocks.ts";
import { mrkdwn } from "../../../../src/deliver/slack/preview/mrkdwn.ts";

const ids = {
  user: (id: string) => (id === "U1" ? "ana" : id),
  channel: () => "flight-ops",
  picture: (id: string) => (id === "F1" ? "/slack/files/F1" : undefined),
};

const texts: [string, string, string][] = [
  ["bold, italic, strike", "*a* _b_ ~c~", "<strong>a</strong> <em>b</em> <s>c</s>"],
  ["nested", "*a _b_*", "<strong>a <em>b</em></strong>"],
  ["signs inside words and with spaces are text", "2*3*4 a_b_c * d *", "2*3*4 a_b_c * d *"],
  ["code is not formatted", "`*a* <b>`", "<code>*a* &lt;b&gt;</code>"],
  ["a code block", "a\n```x *y*\nz```", "a<br><pre>x *y*\nz</pre>"],
  [
    "escapes are text",
    "&lt;!channel&gt; &amp;amp; &lt;script&gt;",
    "&lt;!channel&gt; &amp;amp; &lt;script&gt;",
  ],
  ["a person", "<@U1> <@U2>", '<span class="mention">@ana</span> <span class="mention">@U2</span>'],
  ["a channel", "<#C1>", '<span class="mention">#flight-ops</span>'],
  [
    "everyone",
    "<!channel> <!here|here>",
    '<span class="mention loud">@channel</span> <span class="mention loud">@here</span>',
  ],
  [
    "a link",
    "<https://example.com/?a=1&amp;b|the &lt;Look&gt;>",
    '<a href="https://example.com/?a=1&amp;b" target="_blank" rel="noopener noreferrer">the &lt;Look&gt;</a>',
  ],
  ["a link to a script is text", "<javascript:alert(1)|click>", "click"],
  ["a date's fallback", "<!date^1392734382^{date}|18 Feb>", "18 Feb"],
  ["a quote", "a\n&gt; b\n&gt; c\nd", "a<br><blockquote>b<br>c</blockquote>d"],
  ["emoji by name, unknown ones as they are", ":warning: :unheard_of:", "⚠️ :unheard_of:"],
];

test.each(texts)("mrkdwn: %s", (_what, text, html) => {
  expect(String(mrkdwn(text, ids))).toBe(html);
});

test("a text of many unmatched signs is shown in good time", () => {
  const text = "*a _b ~c <d ".repeat(3000);
  expect(String(mrkdwn(text, ids))).toContain("*a _b ~c &lt;d ");
});

test("cells are text: a mention, markup or emoji name in one means nothing but rich text may", () => {
  const cell = (text: string) => ({ type: "raw_text", text });
  const table = {
    type: "table",
    column_settings: [{ align: "right" }],
    rows: [
      [cell("Head"), cell("<b>")],
      [
        cell("<!channel> *x*"),
        {
          type: "rich_text",
          elements: [
            { type: "rich_text_section", elements: [{ type: "text", text: "<@U1>", style: { bold: true } }] },
          ],
        },
      ],
    ],
  };
  const html = shown(table);
  expect(html).toContain(
    '<th scope="col" class="to-right">Head</th><th scope="col" class="to-left">&lt;b&gt;</th>',
  );
  expect(html).toContain('<td class="to-right">&lt;!channel&gt; *x*</td>');
  expect(html).toContain("<strong>&lt;@U1&gt;</strong>");
});

test("a data table has its caption, its numbers at the right, and all its rows", () => {
  const row = (n: number) => [
    { type: "raw_text", text: `r${n}` },
    { type: "raw_number", value: n, text: `${n}.0` },
  ];
  const head = [
    { type: "raw_text", text: "Name" },
    { type: "raw_text", text: "Value" },
  ];
  const html = shown({
    type: "data_table",
    caption: "Delays & more",
    rows: [head, ...Array.from({ length: 8 }, (_, n) => row(n))],
  });
  expect(html).toContain("<caption>Delays &amp; more</caption>");
  expect(html).toContain('<th scope="col" class="to-right">Value</th>');
  expect(html.match(/<td class="to-right">/g)).toHaveLength(8);
  expect(html).toContain("8 rows; Slack shows 5 a page");
});

test("header, fields, context, divider and buttons are shown", () => {
  const html = [
    { type: "header", text: { type: "plain_text", text: "A <h> :airplane:" } },
    {
      type: "section",
      text: { type: "mrkdwn", text: "*t*" },
      fields: [{ type: "mrkdwn", text: "f" }],
      accessory: { type: "button", text: { type: "plain_text", text: "Open" }, url: "https://example.com" },
    },
    { type: "context", elements: [{ type: "plain_text", text: "*c*" }] },
    { type: "divider" },
    {
      type: "actions",
      elements: [{ type: "button", style: "danger", text: { type: "plain_text", text: "Stop" } }],
    },
  ]
    .map(shown)
    .join("");
  expect(html).toContain("<h2>A &lt;h&gt; ✈️</h2>");
  expect(html).toContain("<p><strong>t</strong></p>");
  expect(html).toContain("<p>f</p>");
  expect(html).toContain('<a href="https://example.com" target="_blank"');
  expect(html).toContain("<span>*c*</span>");
  expect(html).toContain("<hr>");
  expect(html).toContain('<span class="button danger">Stop</span>');
});

test("a picture from elsewhere is named and not loaded; one that was uploaded is shown", () => {
  const far = shown({ type: "image", image_url: "https://example.com/a.png", alt_text: "a chart" });
  expect(far).not.toContain("<img");
  expect(far).toContain("a chart");
  const near = shown({ type: "image", slack_file: { id: "F1" }, alt_text: "a chart" });
  expect(near).toContain('<img src="/slack/files/F1" alt="a chart">');
  expect(shown({ type: "image", slack_file: { id: "F2" }, alt_text: "a chart" })).toContain("[a chart]");
});

test("rich text: lists, quotes, code, links, mentions", () => {
  const section = (...elements: object[]) => ({ type: "rich_text_section", elements });
  const html = shown({
    type: "rich_text",
    elements: [
      { type: "rich_text_list", style: "ordered", elements: [section({ type: "text", text: "one" })] },
      {
        type: "rich_text_list",
        style: "ordered",
        offset: 2,
        elements: [section({ type: "text", text: "three" })],
      },
      { type: "rich_text_quote", elements: [{ type: "user", user_id: "U1" }] },
      { type: "rich_text_preformatted", elements: [{ type: "text", text: "<x>" }] },
      section(
        { type: "link", url: "https://example.com" },
        { type: "broadcast", range: "here" },
        { type: "text", text: "c", style: { code: true } },
      ),
    ],
  });
  expect(html).toContain("<ol><li>one</li></ol>");
  expect(html).toContain('<ol start="3"><li>three</li></ol>');
  expect(html).toContain('<blockquote><span class="mention">@ana</span></blockquote>');
  expect(html).toContain("<pre>&lt;x&gt;</pre>");
  expect(html).toContain(">https://example.com</a>");
  expect(html).toContain('<span class="mention loud">@here</span>');
  expect(html).toContain("<code>c</code>");
});

test("a block of a kind that is not known here is named", () => {
  expect(shown({ type: "video" })).toContain('<p class="note">[video block]</p>');
});

function shown(block: Record<string, unknown>): string {
  return String(blocksHtml([block], ids));
}

const chart = (inner: Record<string, unknown>) =>
  String(blocksHtml([{ type: "data_visualization", title: "<b>Flights</b>", chart: inner }], ids));
const axis = (type: string, values: readonly number[]) =>
  chart({
    type,
    series: [{ name: "Flights", data: values.map((value, index) => ({ label: `w${index}`, value })) }],
    axis_config: { categories: values.map((_, index) => `w${index}`), x_label: "Week" },
  });

test("charts are drawn: a line, bars from the line of zero, slices by their shares", () => {
  expect(axis("line", [0, 5, 10])).toMatch(/<path d="M[\d.]+ 205L[\d.]+ 107.5L[\d.]+ 10"/);
  const heights = [
    ...axis("bar", [-10, 5]).matchAll(/<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g),
  ];
  expect(heights.map(([, top, height]) => Number(top) + Number(height))).toEqual([205, 75]);
  const pie = chart({
    type: "pie",
    segments: [
      { label: "ATL", value: 3 },
      { label: "<i>", value: 1 },
    ],
  });
  expect(pie.match(/<path /g)).toHaveLength(2);
  expect(pie).toContain("ATL 75%");
  expect(pie).toContain("&lt;i&gt; 25%");
  expect(pie).toContain("&lt;b&gt;Flights&lt;/b&gt;");
});

test("a chart of one value, of nothing but zeros, or of odd data is drawn all the same", () => {
  for (const drawn of [
    axis("area", [7]),
    axis("bar", [0, 0]),
    chart({ type: "line" }),
    chart({ type: "pie", segments: [{ label: "a", value: 1 }] }),
  ])
    expect(drawn).not.toMatch(/NaN|Infinity|undefined/);
});
