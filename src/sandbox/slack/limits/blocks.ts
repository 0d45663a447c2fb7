import { checkChart } from "./chart.ts";
import { checkElements, checkRichText } from "./elements.ts";
import { Findings, isObject, type Json, listAt, textAt } from "./findings.ts";
import { checkDataTable, checkTable } from "./tables.ts";

const blocksMax = 50;
const headerCharsMax = 150;
const sectionCharsMax = 3000;
const fieldsMax = 10;
const fieldCharsMax = 2000;
const contextElementsMax = 10;
const actionsElementsMax = 25;
const imageTextCharsMax = 2000;
const imageUrlCharsMax = 3000;
const blockIdCharsMax = 255;
/** All markdown blocks of a message together. */
const markdownCharsMax = 12_000;
/** Documented nowhere; a third is refused. */
const chartsMax = 2;
const fileIdPattern = "^[F][A-Z0-9]{8,}$";

/**
 * Checks the blocks of a message as Slack does before it posts them
 * (https://docs.slack.dev/reference/block-kit/blocks). Whether there are too many tables is another refusal:
 * `tableCount` tells.
 */
export function checkBlocks(
  blocks: unknown,
  pointer = "/blocks",
  isPicture?: (fileId: string) => boolean,
): Findings {
  const findings = new Findings(isPicture);
  if (!Array.isArray(blocks)) {
    findings.add(pointer, "must be an array");
    return findings;
  }
  if (blocks.length > blocksMax) findings.add(pointer, `no more than ${blocksMax} items allowed`);
  const ids = new Set<string>();
  const charts = blocks.filter((block) => isObject(block) && block.type === "data_visualization");
  if (charts.length > chartsMax)
    findings.add(pointer, `no more than ${chartsMax} data_visualization blocks allowed`);
  let markdownChars = 0;
  for (const [index, block] of blocks.entries()) {
    const at = `${pointer}/${index}`;
    checkBlock(findings, block, at, ids);
    if (isObject(block) && block.type === "markdown") markdownChars += String(block.text ?? "").length;
  }
  if (markdownChars > markdownCharsMax) {
    findings.add(pointer, `markdown blocks must be less than ${markdownCharsMax + 1} characters together`);
  }
  return findings;
}

/** `table` and `data_table` are one family: Slack takes one of them a message. */
export function tableCount(blocks: unknown): number {
  if (!Array.isArray(blocks)) return 0;
  return blocks.filter((block) => isObject(block) && ["table", "data_table"].includes(String(block.type)))
    .length;
}

function checkBlock(findings: Findings, block: unknown, at: string, ids: Set<string>): void {
  if (!isObject(block)) {
    findings.add(at, "must be an object");
    return;
  }
  const check = checks[String(block.type)];
  if (block.type === undefined) {
    findings.add(at, "missing required field: type");
    return;
  }
  if (check === undefined) {
    findings.add(`${at}/type`, `unsupported type: ${block.type}`);
    return;
  }
  const id = block.block_id;
  if (typeof id === "string") {
    if (id.length > blockIdCharsMax) findings.tooLong(`${at}/block_id`, blockIdCharsMax);
    if (ids.has(id)) findings.add(`${at}/block_id`, `block_id ${id} already exists`);
    ids.add(id);
  }
  check(findings, block, at);
}

const checks: Record<string, (findings: Findings, block: Json, at: string) => void> = {
  header: (findings, block, at) => textAt(findings, block, at, "text", headerCharsMax, ["plain_text"]),
  section: checkSection,
  divider: () => {},
  context: (findings, block, at) => {
    for (const [element, where] of listAt(findings, block, at, "elements", contextElementsMax)) {
      if (element.type === "image") checkImage(findings, element, where);
      else if (element.type === "mrkdwn" || element.type === "plain_text") {
        findings.text(element.text, `${where}/text`, sectionCharsMax);
      } else findings.add(`${where}/type`, `unsupported type: ${element.type}`);
    }
  },
  actions: (findings, block, at) =>
    checkElements(findings, listAt(findings, block, at, "elements", actionsElementsMax)),
  image: checkImage,
  markdown: (findings, block, at) => findings.text(block.text, `${at}/text`, markdownCharsMax),
  rich_text: (findings, block, at) => {
    checkRichText(findings, block, at);
  },
  table: checkTable,
  data_table: checkDataTable,
  data_visualization: checkChart,
};

function checkSection(findings: Findings, block: Json, at: string): void {
  if (block.text === undefined && block.fields === undefined) {
    findings.add(at, "must define either `text` or `fields`");
    return;
  }
  if (block.text !== undefined) textAt(findings, block, at, "text", sectionCharsMax);
  if (block.fields !== undefined) {
    for (const [field, where] of listAt(findings, block, at, "fields", fieldsMax)) {
      if (field.type !== "mrkdwn" && field.type !== "plain_text") {
        findings.add(`${where}/type`, `unsupported type: ${field.type}`);
      }
      findings.text(field.text, `${where}/text`, fieldCharsMax);
    }
  }
  if (isObject(block.accessory)) {
    if (block.accessory.type === "image") checkImage(findings, block.accessory, `${at}/accessory`);
    else checkElements(findings, [[block.accessory, `${at}/accessory`]]);
  }
}

/** https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object */
function checkImage(findings: Findings, image: Json, at: string): void {
  findings.text(image.alt_text, `${at}/alt_text`, imageTextCharsMax);
  if (image.title !== undefined) textAt(findings, image, at, "title", imageTextCharsMax, ["plain_text"]);
  const file = image.slack_file;
  if (file === undefined) {
    findings.text(image.image_url, `${at}/image_url`, imageUrlCharsMax);
    return;
  }
  if (image.image_url !== undefined) findings.add(at, "must define either `image_url` or `slack_file`");
  if (!isObject(file) || (file.id === undefined) === (file.url === undefined)) {
    findings.add(`${at}/slack_file`, "must define either `id` or `url`");
    return;
  }
  const id = String(file.id ?? /\/(F[A-Z0-9]{8,})\//.exec(String(file.url))?.[1] ?? "");
  if (file.id !== undefined && !new RegExp(fileIdPattern).test(id))
    findings.add(`${at}/slack_file/id`, `input must match regex pattern: ${fileIdPattern}`);
  else if (!findings.isPicture(id)) findings.add(`${at}/slack_file`, "invalid slack file");
}
