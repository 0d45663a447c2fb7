import type { Language } from "../language.ts";
import { type JsonSchemaPart, REQUIRED, toJson } from "./json-schema.ts";
import { shapeOf } from "./shape.ts";

const INTRO = `# reports.yaml

Everything lookpost does is in one YAML 1.2 file. \`lookpost check\` lists all that is wrong with it at once. This page is
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
  \`\${file:/path}\` is the content of a file, without line breaks at its end. \`$\${\` is a plain \`\${\`. All three work within any
  value, not in keys. Within \`{ }\` put them in quotes.
- A value marked *secret* is refused when it is written in the file, as is a password in a URL.
- A crontab that starts with \`*\` and a channel that starts with \`#\` need quotes, as anywhere in YAML.
- \`{{ … }}\` in title, filters, text, subject, message and filename is Liquid: [digests.md](digests.md) has the names and filters.
- Anchors, aliases and \`<<\` work within one file. A top-level key that starts with \`x-\` is not read and may hold them.
- \`include\` reads further files. What they have of \`defaults\`, \`bases\` and \`audiences\` holds in them alone, laid over what this file says;
  connections, \`store\` and the like are in the main file. A path in \`include\` begins at the folder of the file that has it; any other
  relative path (\`file:\`, \`fonts\`) at that of the main file. Files that are added, changed, renamed or linked in are read again by a
  service as this one is.
- A report that \`extends\` a base has all of it but for what it says itself: mappings are merged key by key, lists and values replace, and a
  content of its own (\`look\`, \`query\`, \`dashboard\`, \`sections\`) or a destination of its own in \`on_failure\` replaces that of the base.
- A recipient that is the name of one of \`audiences\` is all of its recipients: \`email: [executives, boss@example.com]\`, \`slack: flight-ops\`, or
  \`deliver: [executives]\` for all that it has. Someone who is in several gets one message of one entry, and one of all entries that are names
  alone. A delivery is the same one to the ledger whether its addresses are written out or come from an audience.
`;

/** Markdown reference of the file: every key with its type, default and description. */
export function reference<C>(language: Language<C>): string {
  const { file, report } = shapeOf(language);
  const top = { ...toJson(file), required: REQUIRED };
  const one = toJson(report);
  const inFile = propertiesOf(top);
  const inReport = propertiesOf(one);
  const blocks = [...Object.keys(language.connections), "keep", "server", "brand", "defaults"];
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

type Part = [heading: string, json: JsonSchemaPart | undefined];

/** A mapping, then those in it that have keys of their own, but for those that are described elsewhere. */
function withNested(heading: string, json: JsonSchemaPart | undefined, elsewhere: readonly string[]): Part[] {
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

function hasKeys(json: JsonSchemaPart): boolean {
  return formsOf(json).some((form) => form.properties !== undefined);
}

function sectionOf(heading: string, json: JsonSchemaPart): string {
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
function formsOf(json: JsonSchemaPart): JsonSchemaPart[] {
  const branches = json.anyOf;
  return Array.isArray(branches) ? branches.flatMap((branch) => formsOf(branch as JsonSchemaPart)) : [json];
}

function typeOf(json: JsonSchemaPart): string {
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

function defaultOf(json: JsonSchemaPart, isRequired: boolean): string {
  const preset = json.default ?? json.otherwise;
  if (preset !== undefined) return `\`${typeof preset === "string" ? preset : JSON.stringify(preset)}\``;
  return isRequired ? "required" : "";
}

function textOf(json: JsonSchemaPart): string {
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

function propertiesOf(json: JsonSchemaPart | undefined): Readonly<Record<string, JsonSchemaPart>> {
  return (json?.properties ?? {}) as Readonly<Record<string, JsonSchemaPart>>;
}

function itemOf(json: JsonSchemaPart | undefined): JsonSchemaPart {
  return (json?.items ?? {}) as JsonSchemaPart;
}
