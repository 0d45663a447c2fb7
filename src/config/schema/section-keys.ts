import { z } from "zod";
import type { Problem } from "../../core/model/problem.ts";
import { parseComparison } from "../../core/rules/comparison.ts";
import { defaulted, word } from "./schema.ts";
import { BUILT_IN, rows } from "./settings.ts";
import { wordingKeys } from "./wording-keys.ts";

const FIELDS_MAX = 20;
const PIXELS = { least: 100, most: 4_000 };

export const field = word(parseField);

const fields = z
  .array(field)
  .min(1)
  .max(FIELDS_MAX)
  .check(({ value, issues }) => {
    const index = value.findIndex((name, place) => value.indexOf(name) !== place);
    if (index < 0) return;
    const message = `${value[index]} is listed twice`;
    issues.push({ code: "custom", input: value, path: [index], message, params: { advice: "Remove one." } });
  });

const pixels = (what: string) =>
  z
    .int()
    .min(PIXELS.least)
    .max(PIXELS.most)
    .meta({
      description: `${what} of the picture that Looker draws, in pixels. With show: image.`,
      wants: `a whole number of pixels from ${PIXELS.least} to ${PIXELS.most}`,
    });

const chart = z
  .strictObject({
    mark: z.enum(["line", "bar", "area", "arc", "point"]).meta({
      description:
        "What the values are drawn as; arc: shares of a whole, of up to six parts (more are drawn as bars).",
    }),
    x: field.meta({
      description: "Field of the horizontal axis; of an arc, what its parts are.",
      examples: ["flights.date"],
    }),
    y: z.union([field, fields]).meta({
      description: "Field whose values are drawn, or a list of them: a line or a colour each.",
      wants: "a field or a list of fields",
      examples: ["flights.count"],
    }),
    color: field
      .meta({
        description: "Field whose values part the data into lines or colours.",
        examples: ["carriers.name"],
      })
      .optional(),
  })
  .meta({
    description:
      "A chart of the rows, drawn by lookpost: a line, bars, areas, points or shares. Email and Slack show it; a table takes its place where it cannot be drawn.",
    wants: "a mapping, as in {mark: line, x: view.field, y: view.field}",
    examples: [{ mark: "line", x: "flights.date", y: "flights.average_delay" }],
  });

const vegaLite = z.record(z.string().min(1), z.unknown()).meta({
  description:
    "A whole Vega-Lite specification in place of chart (https://vega.github.io/vega-lite/docs/spec.html). The rows are its data, with Looker's names of the fields; nothing is fetched from anywhere.",
  examples: [{ mark: "bar", encoding: { x: { field: "carriers.name" }, y: { field: "flights.count" } } }],
});

const highlight = z.record(z.string().min(1), word(comparison)).meta({
  description:
    'Cells to highlight, by field: "> 0.05", "<= 3", "= late", "!= 0"; a percentage is a number, "> 5%". With show: table.',
  examples: [{ "flights.cancelled_rate": "> 0.05" }],
});

const key = z.union([field, fields]).meta({
  description: "Which fields together identify a row, for show: changes: a field or a list of them.",
  wants: "a field or a list of fields",
  examples: [["carriers.code"]],
});

/** What a section says of how it is shown, apart from `history`, which has a content of its own. */
const showKeys = {
  show: defaulted(
    z.enum(["table", "none", "image", "changes", "chart", "kpi"]).meta({
      description:
        "How the message shows the result. table; none: only in the files; image: as Looker draws it, with the table in its place where that fails; changes: what was added, removed and changed since the last delivered report (needs key). chart and kpi follow from their keys.",
    }),
    BUILT_IN.show,
  ).optional(),
  highlight: highlight.optional(),
  kpi: field
    .meta({
      description:
        "One large figure, the value of this field, with its change and a small line of its past: from the row with the latest date, or from the first row if there is no date.",
      wants: "a field, as in flights.count",
      examples: ["flights.count"],
    })
    .optional(),
  compare: defaulted(
    z.enum(["previous", "run", "day", "week", "month", "quarter", "year", "none"]).meta({
      description:
        "What a kpi is compared with: previous: the row before it; run: the last delivered report; day … year: the value of one such period earlier; none.",
    }),
    BUILT_IN.compare,
  ).optional(),
  partial: defaulted(
    z.enum(["show", "hide"]).meta({
      description:
        "What a kpi makes of a period that is not over when Looker runs the query, as the current week of a filter of 12 weeks. hide: the last full one is the figure; show: the current one is, said to be so far and not compared.",
    }),
    BUILT_IN.partial,
  ).optional(),
  chart: chart.optional(),
  vega_lite: vegaLite.optional(),
  width: defaulted(pixels("Width"), String(BUILT_IN.width)).optional(),
  height: defaulted(pixels("Height"), String(BUILT_IN.height)).optional(),
  key: key.optional(),
};

/** What a section says in addition to its source, and a report with one section in its place. */
export const contentKeys = {
  text: z
    .string()
    .min(1)
    .meta({
      description:
        "Text before the data, in Markdown (CommonMark, and tables of pipes; HTML is shown as it is written). A template, filled once the results are in: it may name rows and kpi.",
      examples: [
        "**{{ kpi.flights.count }}** flights, {{ kpi.flights.count.percent }} {{ kpi.flights.count.direction }}",
      ],
    })
    .optional(),
  filters: z
    .record(
      z.string().min(1),
      z.string().meta({ type: ["string", "number", "boolean"], wants: "text: a Looker filter expression" }),
    )
    .meta({
      description:
        "Looker filter expressions by field, over the content's own; of a dashboard, by the name of its filter too. Those of a section win over the report's. Templates that know report and run.",
      examples: [{ "flights.date": "{{ run.due_at | looker_week }}" }],
    })
    .optional(),
  limit: z
    .int()
    .refine((limit) => limit === -1 || limit >= 1, {
      error: "limit has to be at least 1, or -1 for all rows",
    })
    .meta({
      description: "Row limit instead of the content's own; -1 for all rows.",
      wants: "a whole number, or -1 for all rows",
      examples: [500],
    })
    .optional(),
  rows: defaulted(rows, `defaults.rows, ${BUILT_IN.rows}`).optional(),
  ...showKeys,
  ...wordingKeys(true),
};

function parseField(text: string): string | Problem {
  if (/^[^\s,{}]+$/.test(text)) return text;
  return {
    message: `"${text}" is not the name of a field`,
    advice: "Write it as Looker does: view.field, as in flights.count.",
  };
}

function comparison(text: string): string | Problem {
  if (parseComparison(text) !== null) return text;
  if (/^\s*[<>]=?\s*[^\s=<>]/.test(text))
    return {
      message: `"${text}" compares words, which have no order here`,
      advice: 'Write a number after it, as in "> 0.05"; = and != also take words, as in "= late".',
    };
  return {
    message: `"${text}" is not a comparison`,
    advice:
      'Write <, <=, >, >=, = or != and a number, as in "> 0.05" or "> 5%"; = and != also take words, as in "= late".',
  };
}
