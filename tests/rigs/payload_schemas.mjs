// Writes JSON Schemas of everything that is sent to Discord and Slack: node payload_schemas.mjs DIR
// Discord's come from its OpenAPI document (discord-api-spec), Slack's from its types (@slack/types).
import fs from 'node:fs';
import path from 'node:path';
import * as discord from 'discord-api-spec/zod';
import { createGenerator } from 'ts-json-schema-generator';
import * as z from 'zod/mini';

const [folder] = process.argv.slice(2);
const rigs = import.meta.dirname;

const kinds = {
  'discord-message': discord.MessageCreateRequestSchema,
  'discord-edit': discord.MessageEditRequestPartialSchema,
  'discord-follow-up': discord.IncomingWebhookRequestPartialSchema,
  'discord-follow-up-edit': discord.IncomingWebhookUpdateRequestPartialSchema,
  'discord-callback': z.union([
    discord.CreateMessageInteractionCallbackRequestSchema,
    discord.UpdateMessageInteractionCallbackRequestSchema,
    discord.ModalInteractionCallbackRequestSchema,
    discord.ApplicationCommandAutocompleteCallbackRequestSchema,
  ]),
  'discord-command': discord.ApplicationCommandUpdateRequestSchema,
};

// What discord.py always sends, and Discord takes, although the document does not have it there.
const more = new Map([
  [discord.RichEmbedSchema, 'flags'],
  [discord.MessageEditRequestPartialSchema, 'tts'],
  [discord.IncomingWebhookUpdateRequestPartialSchema, 'tts'],
  [discord.IncomingWebhookUpdateForInteractionCallbackRequestPartialSchema, 'tts'],
  [discord.ApplicationCommandUpdateRequestSchema, 'nsfw'],
]);
const locales = discord.AvailableLocalesEnumSchema.def.values;

function tell({ zodSchema, jsonSchema }) {
  const { type } = zodSchema._zod.def;
  if (type === 'object') jsonSchema.additionalProperties = false; // an unknown key is our mistake
  if (type === 'undefined') jsonSchema.not = {}; // else it would stand for anything
  if (type === 'record') jsonSchema.propertyNames = { enum: locales }; // only translations are records
  if (more.has(zodSchema)) jsonSchema.properties[more.get(zodSchema)] = {};
  // discord.py sends some ids as numbers, which Discord takes as well.
  if (zodSchema === discord.SnowflakeTypeSchema) jsonSchema.type = ['string', 'integer'];
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern; // it knows no "+00:00"
}

function write(kind, schema) {
  fs.writeFileSync(path.join(folder, `${kind}.json`), `${JSON.stringify(schema)}\n`);
}

fs.mkdirSync(folder, { recursive: true });
for (const [kind, schema] of Object.entries(kinds))
  write(kind, z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input', reused: 'ref', override: tell }));

const generator = createGenerator({
  path: path.join(rigs, 'payload_schemas.ts'),
  tsconfig: path.join(rigs, 'tsconfig.json'),
  skipTypeCheck: true, // Slack's own types are not ours to check
});
write('slack-message', generator.createSchema('Message'));
write('slack-modal', generator.createSchema('Modal'));
write('slack-home', generator.createSchema('Home'));
