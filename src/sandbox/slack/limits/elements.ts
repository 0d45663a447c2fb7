import { type Findings, isObject, type Json, listAt, textAt } from "./findings.ts";

const buttonCharsMax = 75;
const buttonUrlCharsMax = 3000;
const buttonValueCharsMax = 2000;

/** Interactive elements: of these the sandbox knows what a report could use, buttons and menus. */
export function checkElements(findings: Findings, elements: readonly [Json, string][]): void {
  for (const [element, at] of elements) {
    if (element.type === "button") checkButton(findings, element, at);
    else if (!otherElements.includes(String(element.type))) {
      findings.add(`${at}/type`, `unsupported type: ${element.type}`);
    }
  }
}

const otherElements = [
  "static_select",
  "overflow",
  "datepicker",
  "checkboxes",
  "radio_buttons",
  "users_select",
];

function checkButton(findings: Findings, button: Json, at: string): void {
  textAt(findings, button, at, "text", buttonCharsMax, ["plain_text"]);
  if (button.url !== undefined) {
    findings.text(button.url, `${at}/url`, buttonUrlCharsMax);
    if (!/^(https?|mailto|slack):/.test(String(button.url))) findings.add(`${at}/url`, "invalid url");
  }
  if (button.value !== undefined) findings.text(button.value, `${at}/value`, buttonValueCharsMax);
  if (button.style !== undefined && button.style !== "primary" && button.style !== "danger") {
    findings.add(`${at}/style`, "must be one of primary, danger");
  }
}

/** A rich_text block. Returns its text, which a table counts. */
export function checkRichText(findings: Findings, block: Json, at: string): string {
  return listAt(findings, block, at, "elements")
    .map(([element, where]) => {
      const type = String(element.type);
      if (type === "rich_text_list") {
        return listAt(findings, element, where, "elements")
          .map(([section, place]) => inlineText(findings, section, place))
          .join("");
      }
      if (["rich_text_section", "rich_text_quote", "rich_text_preformatted"].includes(type)) {
        return inlineText(findings, element, where);
      }
      findings.add(`${where}/type`, `unsupported type: ${type}`);
      return "";
    })
    .join("");
}

function inlineText(findings: Findings, section: Json, at: string): string {
  return listAt(findings, section, at, "elements")
    .map(([element, where]) => {
      const needed = inlineFields[String(element.type)];
      if (needed === undefined) findings.add(`${where}/type`, `unsupported type: ${element.type}`);
      else findings.text(element[needed], `${where}/${needed}`);
      if (element.style !== undefined && !isObject(element.style))
        findings.add(`${where}/style`, "must be an object");
      return String(element.text ?? element.url ?? element.name ?? "");
    })
    .join("");
}

/** The field without which an inline element is refused. */
const inlineFields: Record<string, string> = {
  text: "text",
  link: "url",
  emoji: "name",
  user: "user_id",
  channel: "channel_id",
  usergroup: "usergroup_id",
  broadcast: "range",
  color: "value",
};
