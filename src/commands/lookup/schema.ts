import { jsonSchema, language, reference } from "../../app/language.ts";
import { DONE, type Io } from "../io.ts";

export interface SchemaOptions {
  readonly reference?: boolean;
}

/** `lookpost schema`: what reports.yaml may hold, for editors (JSON Schema) or for people (Markdown). */
export async function schemaCommand(options: SchemaOptions, io: Io): Promise<number> {
  const text =
    options.reference === true ? reference(language) : `${JSON.stringify(jsonSchema(language), null, 2)}\n`;
  (io.verbatim ?? io.out).write(text);
  return DONE;
}
