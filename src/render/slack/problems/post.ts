import { SLACK, textLength } from "../limits.ts";
import { chartProblems } from "./chart.ts";
import {
  type Fields,
  list,
  mentions,
  object,
  type Problems,
  problem,
  textObject,
  within,
  wordsWithin,
} from "./problem.ts";
import { richTextProblems } from "./rich-text.ts";
import { dataTableProblems, tableProblems } from "./table.ts";

/** The checked parts of a post. A post without blocks is only its text. */
export interface CheckedPost {
  readonly text: string;
  readonly blocks: readonly Fields[];
  readonly metadata?: Fields;
}

/** Everything in a post that is beyond what Slack documents; empty for one that it accepts. */
export function slackProblems({ text, blocks, metadata }: CheckedPost): Problems {
  const tables = blocks.filter(isTable);
  const charts = blocks.filter((block) => block.type === "data_visualization");
  const others = blocks.filter((block) => !isTable(block));
  return [
    ...wordsWithin("/text", text, SLACK.textCharsAdvised),
    ...mentions("/text", text),
    ...within("/blocks", blocks.length, 0, SLACK.blocksMax, "blocks"),
    ...within("/blocks", tables.length, 0, SLACK.tablesMax, "tables"),
    ...within("/blocks", charts.length, 0, SLACK.chartsMax, "charts"),
    ...within("/blocks", textLength(others), 0, SLACK.blockCharsMax, "characters outside tables"),
    ...repeatedIds(blocks),
    ...blocks.flatMap((block, index) => blockProblems(`/blocks/${index}`, block)),
    ...(metadata === undefined
      ? []
      : within("/metadata", Buffer.byteLength(JSON.stringify(metadata)), 2, SLACK.metadataBytesMax, "bytes")),
  ];
}

/** The same for one block by itself. */
export function blockProblems(at: string, block: Fields): Problems {
  const check = CHECKS[String(block.type)];
  if (check === undefined)
    return problem(`${at}/type`, `a block of type ${String(block.type)}, which lookpost does not make`);
  const id =
    block.block_id === undefined ? [] : wordsWithin(`${at}/block_id`, block.block_id, SLACK.blockIdCharsMax);
  return [...id, ...check(at, block)];
}

const CHECKS: Readonly<Record<string, (at: string, block: Fields) => Problems>> = {
  header: (at, block) => textObject(`${at}/text`, block.text, SLACK.headerCharsMax, ["plain_text"]),
  section: sectionProblems,
  context: contextProblems,
  image: imageProblems,
  divider: () => [],
  rich_text: richTextProblems,
  data_table: dataTableProblems,
  table: tableProblems,
  data_visualization: chartProblems,
};

function sectionProblems(at: string, { text, fields }: Fields): Problems {
  if (text === undefined && fields === undefined) return problem(at, "neither text nor fields");
  return [
    ...(text === undefined ? [] : textObject(`${at}/text`, text, SLACK.sectionCharsMax)),
    ...(fields === undefined ? [] : fieldsProblems(`${at}/fields`, list(fields))),
  ];
}

function fieldsProblems(at: string, fields: readonly unknown[]): Problems {
  return [
    ...within(at, fields.length, 1, SLACK.fieldsMax, "fields"),
    ...fields.flatMap((field, index) => textObject(`${at}/${index}`, field, SLACK.fieldCharsMax)),
  ];
}

function contextProblems(at: string, block: Fields): Problems {
  const elements = list(block.elements);
  return [
    ...within(`${at}/elements`, elements.length, 1, SLACK.contextElementsMax, "elements"),
    ...elements.flatMap((element, index) =>
      object(element).type === "image"
        ? imageProblems(`${at}/elements/${index}`, object(element))
        : textObject(`${at}/elements/${index}`, element, SLACK.contextCharsMax),
    ),
  ];
}

function imageProblems(at: string, { alt_text, image_url, slack_file, title }: Fields): Problems {
  const { id } = object(slack_file);
  const source =
    slack_file === undefined
      ? wordsWithin(`${at}/image_url`, image_url, SLACK.urlCharsMax)
      : // The pattern that Slack's own error names.
        typeof id === "string" && /^F[A-Z0-9]{8,}$/.test(id)
        ? []
        : problem(`${at}/slack_file/id`, `not an id of a file: ${String(id)}`);
  return [
    ...source,
    ...wordsWithin(`${at}/alt_text`, alt_text, SLACK.altCharsMax),
    ...(title === undefined
      ? []
      : textObject(`${at}/title`, title, SLACK.imageTitleCharsMax, ["plain_text"])),
  ];
}

function repeatedIds(blocks: readonly Fields[]): Problems {
  const seen = new Set<unknown>();
  return blocks.flatMap(({ block_id }, index) => {
    if (block_id === undefined) return [];
    const repeats = seen.has(block_id);
    seen.add(block_id);
    return repeats ? problem(`/blocks/${index}/block_id`, `${String(block_id)} is used twice`) : [];
  });
}

function isTable({ type }: Fields): boolean {
  return type === "data_table" || type === "table";
}
