import { isObject, type JsonObject, textIn } from "../http/loose-json.ts";
import { escaped, linkAsMarkdown, richTextAsMarkdown } from "./rich-text.ts";

/** A tile of words: its title, and its subtitle and body as CommonMark. Null where the element is none, or is empty. */
export function textTile(element: JsonObject): { title: string | null; text: string | null } | null {
  const title = wordsIn(element.title_text) ?? wordsIn(element.title);
  const subtitle = wordsIn(element.subtitle_text);
  const body = wordsIn(element.body_text);
  const parts = [
    subtitle === null ? null : escaped(subtitle),
    body === null ? null : (richTextAsMarkdown(body) ?? body),
    buttonAsMarkdown(element),
  ].filter((part) => part !== null && part.trim() !== "");
  if (parts.length === 0 && title === null) return null;
  return { title, text: parts.length === 0 ? null : parts.join("\n\n") };
}

/** A button leads somewhere: `{"text": …, "href": …}`. */
function buttonAsMarkdown(element: JsonObject): string | null {
  const content = textIn(element.rich_content_json);
  if (content === null) return null;
  try {
    const button: unknown = JSON.parse(content);
    if (!isObject(button)) return null;
    const [words, href] = [wordsIn(button.text), textIn(button.href)];
    return words === null || href === null ? null : linkAsMarkdown(escaped(words), href);
  } catch {
    return null;
  }
}

function wordsIn(value: unknown): string | null {
  const text = textIn(value);
  return text === null || text.trim() === "" ? null : text.trim();
}
