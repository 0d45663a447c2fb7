import { z } from "zod";
import type { Language } from "../../src/config/index.ts";
import type { Schema } from "../../src/core/ports/adapter.ts";
import { secret } from "../../src/core/rules/secret.ts";
import { templateProblems } from "../../src/template/problems.ts";

export interface Connections {
  looker: {
    base_url: string;
    client_secret: string;
    port?: number | undefined;
    embed?: { models: string[] } | undefined;
  };
  email: { smtp: string; from: string; allowed_domains?: string[] | undefined };
  slack: { token: string };
}

const address = z.string().refine((text) => /^[^\s@]+@[^\s@]+\.[a-z]+$/.test(text), {
  error: (issue) => `"${issue.input}" is not an address: write name@example.com.`,
});
const addresses = z.union([address, z.array(address).min(1)]);

/** As `email:` reads it: short forms become the long one. */
const email: Schema<{ to: string[]; subject?: string | undefined; message?: string | undefined }> = z
  .union(
    [
      address,
      z.array(address).min(1),
      z.strictObject({
        to: addresses,
        cc: addresses.optional(),
        subject: z.string().min(1).optional(),
        message: z.string().optional(),
      }),
    ],
    { error: "Write an address, a list of addresses, or {to: ...}." },
  )
  .transform((given) => (typeof given === "string" || Array.isArray(given) ? { to: given } : given))
  .transform((given) => ({ ...given, to: [given.to].flat() }));

const slack = z.union([
  z.string().regex(/^([#@].+|[CDG][A-Z0-9]{8,})$/, { error: 'Write a channel, as in "#ops".' }),
  z.strictObject({ channel: z.string(), message: z.string().optional() }),
]);

const query = z.union([
  z.string().min(1),
  z.strictObject({
    model: z.string().min(1).meta({ description: "Name of the LookML model." }),
    explore: z.string().min(1),
    fields: z.array(z.string()).min(1),
    filters: z.record(z.string(), z.string()).optional(),
    sorts: z.array(z.string()).optional(),
    limit: z.union([z.int(), z.string()]).optional(),
    dynamic_fields: z.string().optional(),
  }),
]);

/** A small language shaped like the real one, whose schemas live with their adapters. */
export const language: Language<Connections> = {
  connections: {
    looker: {
      schema: z.strictObject({
        base_url: z.string().min(1).meta({ description: "Address of Looker's API." }),
        client_secret: secret("Client secret of the API key."),
        port: z.int().min(1).max(65_535).optional(),
        embed: z.strictObject({ models: z.array(z.string()) }).optional(),
      }),
      environment: ["LOOKER_BASE_URL"],
    },
    email: {
      schema: z.strictObject({
        smtp: z.string().min(1).meta({ description: "URL of the mail server.", secret: "url" }),
        from: z.string(),
        allowed_domains: z.array(z.string()).min(1).optional(),
      }),
    },
    slack: { schema: z.strictObject({ token: secret("Bot token.") }) },
  },
  sources: [
    {
      kind: "look",
      schema: z.union([z.int(), z.string()], { error: "look has to be the id of a Look, as in look: 42" }),
      description: "A Look, by its id.",
    },
    { kind: "query", schema: query, description: "A query." },
    {
      kind: "dashboard",
      schema: z.union([z.int(), z.string()], { error: "dashboard has to be the id of a dashboard" }),
      description: "A dashboard, by its id.",
      hasParts: true,
    },
  ],
  formats: [
    {
      kind: "csv",
      schema: z.strictObject({
        bom: z.boolean().default(false),
        raw: z.boolean().default(false),
        filename: z.string().optional(),
      }),
      description: "A CSV file.",
    },
    { kind: "xlsx", schema: z.strictObject({ filename: z.string().optional() }), description: "A workbook." },
    {
      kind: "pdf",
      schema: z.strictObject({ width: z.int().min(100).optional() }),
      description: "A dashboard as Looker prints it.",
      needsParts: true,
    },
  ],
  destinations: [
    {
      kind: "email",
      connection: "email",
      schema: email,
      description: "An email.",
      recipients: {
        keys: ["to", "cc"],
        severalAtOnce: true,
        isRecipient: (text) => text.includes("@"),
        takesWords: false,
      },
    },
    {
      kind: "slack",
      connection: "slack",
      schema: slack,
      description: "A Slack channel.",
      recipients: {
        keys: ["channel"],
        severalAtOnce: false,
        isRecipient: (text) => text.startsWith("#"),
        takesWords: true,
      },
    },
    { kind: "folder", connection: null, schema: z.string().min(1), description: "A folder on this machine." },
  ],
  templates: templateProblems,
};

export const env = {
  LOOKER_CLIENT_SECRET: "looker-hidden-value",
  SLACK_BOT_TOKEN: "xoxb-hidden-value",
  SMTP_URL: "smtps://reports:p%40ssword@mail.example.com:465",
  PORT: "19999",
  EMPTY: "",
};
