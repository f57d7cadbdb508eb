import type { Json } from './provider-server.ts';

/* What GigaChat's first API refuses of a conversation, as a message; undefined for what it takes. */

const fields = new Set(
  `model messages temperature top_p n stream max_tokens repetition_penalty update_interval profanity_check functions function_call
  response_format reasoning_effort flags`.split(/\s+/),
);
const messageFields = new Set([
  'role',
  'content',
  'name',
  'function_call',
  'attachments',
  'functions_state_id',
  'reasoning_content',
]);

export function conversationMistake(
  body: Json,
  files: ReadonlySet<string>,
  states: ReadonlySet<string>,
): string | undefined {
  const unknown = Object.keys(body).find((name) => !fields.has(name));
  if (unknown !== undefined) return `Invalid params: unknown field ${unknown}`;
  if (body.temperature !== undefined && !(Number(body.temperature) > 0)) return 'temperature must be greater than 0';
  if (body.reasoning_effort !== undefined && !['low', 'medium', 'high'].includes(String(body.reasoning_effort))) {
    return 'Invalid params: reasoning_effort';
  }
  const functions = (body.functions ?? []) as Json[];
  return (
    messagesMistake(body.messages, files, states) ??
    functions.map(functionMistake).find((mistake) => mistake !== undefined) ??
    choiceMistake(body.function_call, functions)
  );
}

function messagesMistake(
  messages: unknown,
  files: ReadonlySet<string>,
  states: ReadonlySet<string>,
): string | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return 'Invalid params: messages';
  for (const [index, message] of (messages as Json[]).entries()) {
    const before = messages[index - 1] as Json | undefined;
    const next = messages[index + 1] as Json | undefined;
    const unknown = Object.keys(message).find((name) => !messageFields.has(name));
    if (unknown !== undefined) return `messages.${index}: unknown field ${unknown}`;
    if (typeof message.content !== 'string') return `messages.${index}.content must be a string`;
    if (message.role === 'system' && index > 0) return 'system message must be the first message';
    if (message.role === 'user' && before?.role === 'user') return 'user messages must not follow each other';
    if (!['system', 'user', 'assistant', 'function'].includes(String(message.role)))
      return `Unknown role ${message.role}`;
    const called = Object(before?.function_call).name;
    if (message.role === 'function' && (called === undefined || called !== message.name))
      return 'function result without call';
    if (message.role === 'function' && !isObjectText(message.content)) return 'function result must be valid json';
    if (message.function_call !== undefined && next?.role !== 'function') return 'function call without result';
    if (message.function_call !== undefined && typeof Object(message.function_call).arguments !== 'object') {
      return 'function_call.arguments must be an object';
    }
    const state = message.functions_state_id;
    if (state !== undefined && !states.has(String(state))) return 'functions_state_id not found';
    const missing = ((message.attachments ?? []) as string[]).find((id) => !files.has(id));
    if (missing !== undefined) return `File ${missing.slice(0, 40)} not found`;
  }
  return undefined;
}

function isObjectText(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null;
  } catch {
    return false;
  }
}

function functionMistake({ name, parameters }: Json): string | undefined {
  if (name === 'web_search') return 'Function name web_search is reserved';
  if (Object(parameters).type !== 'object') return `Function ${name}: parameters must be an object`;
  return schemaMistake(parameters as Json, String(name));
}

const types = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean']);

/** The parts of JSON Schema that a function may not use. */
export function schemaMistake(schema: Json, path: string): string | undefined {
  const forbidden = ['$ref', '$defs', 'definitions', 'anyOf', 'oneOf', 'allOf', 'not', 'const'].find(
    (name) => name in schema,
  );
  if (forbidden) return `${path}: ${forbidden} is not supported`;
  if (!types.has(String(schema.type))) return `${path}: type is required`;
  const values = schema.enum as unknown[] | undefined;
  if (values?.some((value) => typeof value !== 'string')) return `${path}: enum must hold strings`;
  if (schema.format !== undefined && !['date', 'date-time', 'time'].includes(String(schema.format)))
    return `${path}: format`;
  if (schema.type === 'array') return schemaMistake(Object(schema.items), `${path}[]`);
  if (schema.type !== 'object') return undefined;
  if (typeof schema.properties !== 'object') return `${path}: properties are required`;
  return Object.entries(schema.properties as Record<string, Json>)
    .map(([name, property]) => schemaMistake(property, `${path}.${name}`))
    .find((mistake) => mistake !== undefined);
}

function choiceMistake(choice: unknown, functions: readonly Json[]): string | undefined {
  if (choice === undefined || choice === 'auto' || choice === 'none') return undefined;
  const { name } = Object(choice);
  return functions.some((each) => each.name === name) ? undefined : 'function_call: no such function';
}
