import type { Language } from "../language.ts";
import { type Json, REQUIRED, toJson } from "./json-schema.ts";
import { shapeOf } from "./shape.ts";

const INTRO = `# reports.yaml

Everything lookpost does stands in one YAML 1.2 file. \`lookpost check\` tells all that is wrong with it at once. This page is
made from the schema that checks it.

\`\`\`yaml
version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}" }
email: { smtp: "\${SMTP_URL}", from: Data Team <reports@example.com> }
reports:
  weekly-delays:
    schedule: "0 8 * * mon"
    look: 42
    deliver:
      - email: ops@example.com
        attach: csv
\`\`\`

- \`\${NAME}\` is the environment variable NAME, \`\${NAME:-default}\` has a default for when it is unset or empty, and
  \`\${file:/path}\` is what a file holds, without line ends at its end. \`$\${\` stands for \`\${\`. All three work within any
  value, not in keys. Within \`{ }\` put them in quotes.
- A value marked *secret* is refused when it is written in the file, as is a password in a URL.
- A crontab that starts with \`*\` and a channel that starts with \`#\` need quotes, as anywhere in YAML.
- \`{{ … }}\` in title, filters, text, subject, message and filename is Liquid: [digests.md](digests.md) has the names and filters.
- Anchors, aliases and \`<<\` work. A top-level key that starts with \`x-\` is not read and may hold them.
`;

/** Markdown reference of the file: every key with its type, default and description. */
export function reference<C>(language: Language<C>): string {
  const { file, report } = shapeOf(language);
  const top = { ...toJson(file), required: REQUIRED };
  const one = toJson(report);
  const inFile = propertiesOf(top);
  const inReport = propertiesOf(one);
  const blocks = [...Object.keys(language.connections), "keep", "server", "defaults"];
  const delivery = itemOf(inReport.deliver);
  const section = itemOf(inReport.sections);
  const words = [...language.sources, ...language.formats].map(({ kind }) => kind);
  const sections: Part[] = [
    ["Top level", top],
    ...blocks.flatMap((name) => withNested(`\`${name}\``, inFile[name], ["retry", "on_failure"])),
    ["A report", one],
    ["`schedule`", inReport.schedule],
    ["`retry`", inReport.retry],
    ...language.sources.map(({ kind }): Part => [`\`${kind}\``, inReport[kind]]),
    ...withNested("A section", section, [...words, "attach"]),
    ["A delivery", delivery],
    ["`on_failure`", inReport.on_failure],
    ...language.destinations.map(
      ({ kind }): Part => [`\`${kind}\` in \`deliver\``, propertiesOf(delivery)[kind]],
    ),
    ...language.formats.flatMap(({ kind, schema }) =>
      withNested(`\`${kind}\` in \`attach\``, toJson(schema), words),
    ),
  ];
  return `${INTRO}\n${sections.map(([heading, json]) => sectionOf(heading, json ?? {})).join("\n")}`;
}

type Part = [heading: string, json: Json | undefined];

/** A mapping, then those in it that have keys of their own, but for those that are told of elsewhere. */
function withNested(heading: string, json: Json | undefined, elsewhere: readonly string[]): Part[] {
  const forms = json === undefined ? [] : formsOf(json);
  const nested = forms
    .flatMap((form) => Object.entries(propertiesOf(form)))
    .filter(([name, value]) => !elsewhere.includes(name) && hasKeys(value));
  return [[heading, json], ...nested.map(([name, value]): Part => [nestedHeading(heading, name), value])];
}

function nestedHeading(heading: string, name: string): string {
  const holder = heading.replace(/^A /, "a ").replace(" in `attach`", "");
  return `\`${name}\` in ${holder}`;
}

function hasKeys(json: Json): boolean {
  return formsOf(json).some((form) => form.properties !== undefined);
}

function sectionOf(heading: string, json: Json): string {
  const lines = [`## ${heading}`, ""];
  if (typeof json.description === "string") lines.push(json.description, "");
  const forms = formsOf(json);
  if (forms.length > 1) lines.push(`Either ${typeOf(json)}.`, "");
  const tables = forms.filter((form) => form.properties !== undefined);
  for (const form of tables) {
    lines.push("| Key | Type | Default | What it is |", "|---|---|---|---|");
    const required = Array.isArray(form.required) ? form.required : [];
    for (const [key, value] of Object.entries(propertiesOf(form)))
      lines.push(
        `| \`${key}\` | ${cell(typeOf(value))} | ${cell(defaultOf(value, required.includes(key)))} | ${cell(textOf(value))} |`,
      );
    lines.push("");
  }
  return lines.join("\n");
}

/** The branches of a union, unfolded; the schema itself where it is none. */
function formsOf(json: Json): Json[] {
  const branches = json.anyOf;
  return Array.isArray(branches) ? branches.flatMap((branch) => formsOf(branch as Json)) : [json];
}

function typeOf(json: Json): string {
  const types = formsOf(json).map((form) => {
    if (form.const !== undefined) return `\`${form.const}\``;
    if (Array.isArray(form.enum))
      return form.enum.map((value) => `\`${JSON.stringify(value).replaceAll('"', "")}\``).join(", ");
    if (form.type === "array") return `a list of ${plural(typeOf(itemOf(form)))}`;
    if (Array.isArray(form.type)) return "text";
    return TYPES[String(form.type)] ?? "anything";
  });
  return [...new Set(types)].join(" or ");
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "`true` or `false`",
  object: "a mapping",
};

function plural(type: string): string {
  return type
    .replaceAll("a mapping", "mappings")
    .replaceAll("a whole number", "whole numbers")
    .replaceAll("a number", "numbers");
}

function defaultOf(json: Json, isRequired: boolean): string {
  const preset = json.default ?? json.otherwise;
  if (preset !== undefined) return `\`${typeof preset === "string" ? preset : JSON.stringify(preset)}\``;
  return isRequired ? "required" : "";
}

function textOf(json: Json): string {
  const secret = SECRET[String(json.secret)] ?? "";
  const [example] = Array.isArray(json.examples) ? json.examples : [];
  const shown =
    example === undefined
      ? ""
      : ` Example: \`${typeof example === "string" ? example : JSON.stringify(example)}\`.`;
  return `${secret}${json.description ?? ""}${shown}`;
}

const SECRET: Readonly<Record<string, string>> = {
  true: "*Secret.* ",
  url: "*Its password is secret.* ",
  hidden: "*Hidden in all output.* ",
};

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ").replaceAll("\t", "\\t");
}

function propertiesOf(json: Json | undefined): Readonly<Record<string, Json>> {
  return (json?.properties ?? {}) as Readonly<Record<string, Json>>;
}

function itemOf(json: Json | undefined): Json {
  return (json?.items ?? {}) as Json;
}
