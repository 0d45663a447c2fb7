import { SLACK, textLength } from "../limits.ts";
import { type Fields, list, object, type Problems, problem, within, wordsWithin } from "./problem.ts";

/** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
export function richTextProblems(at: string, block: Fields): Problems {
  const elements = list(block.elements).map(object);
  return [
    ...within(`${at}/elements`, elements.length, 1, SLACK.richTextElementsMax, "elements"),
    ...within(at, textLength(elements), 0, SLACK.blockCharsMax, "characters"),
    ...elements.flatMap((element, index) => elementProblems(`${at}/elements/${index}`, element)),
  ];
}

function elementProblems(at: string, element: Fields): Problems {
  if (element.type !== "rich_text_list") return partProblems(at, element, PARTS);
  const items = list(element.elements).map(object);
  return [
    ...(element.style === "bullet" || element.style === "ordered"
      ? []
      : problem(`${at}/style`, `a list of style ${String(element.style)}`)),
    ...within(`${at}/elements`, items.length, 1, SLACK.richTextElementsMax, "items"),
    ...items.flatMap((item, index) => partProblems(`${at}/elements/${index}`, item, ["rich_text_section"])),
  ];
}

const PARTS = ["rich_text_section", "rich_text_quote", "rich_text_preformatted"];

function partProblems(at: string, part: Fields, types: readonly string[]): Problems {
  if (!types.includes(String(part.type))) return problem(`${at}/type`, `a part of type ${String(part.type)}`);
  const leaves = list(part.elements).map(object);
  return [
    ...within(`${at}/elements`, leaves.length, 1, Number.POSITIVE_INFINITY, "elements"),
    ...leaves.flatMap((leaf, index) => leafProblems(`${at}/elements/${index}`, leaf)),
  ];
}

/** Only the elements that notify no one: Slack also has some for people, channels and everyone. */
function leafProblems(at: string, leaf: Fields): Problems {
  if (leaf.type === "text") return wordsWithin(`${at}/text`, leaf.text, SLACK.richTextCharsMax);
  if (leaf.type !== "link") return problem(`${at}/type`, `neither text nor link: ${String(leaf.type)}`);
  return [
    ...wordsWithin(`${at}/url`, leaf.url, SLACK.urlCharsMax),
    ...(leaf.text === undefined ? [] : wordsWithin(`${at}/text`, leaf.text, SLACK.richTextCharsMax)),
  ];
}
