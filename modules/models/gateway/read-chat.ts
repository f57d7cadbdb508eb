import type { DialectName, Json } from '../dialects/contract.ts';
import { isJson, isSet, isWhole } from '../dialects/json.ts';
import { invalid, unsupported } from '../dialects/refuse.ts';
import { type Media, measureJson } from './measure-json.ts';
import { findSchemaLoop } from './schema-loop.ts';

/** What the gateway must know of a request, in whichever format it is. */
export interface ReadChat {
  model: string;
  stream: boolean;
  /** Whether the caller wants a count in the stream. */
  includeUsage: boolean;
  /** Most tokens of one answer; undefined where the request sets no limit. */
  maxOutput: number | undefined;
  /** So many answers to the same prompt. */
  answers: number;
  /** Of pictures and sound in it, which cost other tokens than text. */
  media: Media;
}

/** Nothing answers with more at once; upstreams have limits of their own below. */
const MOST_ANSWERS = 128;
const MOST_TOKENS = 10_000_000;

/** Parameters that continue what an account at one upstream has kept, and such as no upstream is known for. */
const kept = ['previous_response_id', 'conversation', 'background'];

/**
 * Checks what decides about routing and money, and what could harm a process; all else is the upstream's to judge, or that of the
 * translation into its format.
 * @throws Problem invalid-request naming the place, unsupported-parameter
 */
export function readChat(dialect: DialectName, body: Json): ReadChat {
  const media = measureJson(body);
  const model = readModel(body);
  readConversation(dialect, body);
  checkTools(body);
  if (isSet(body.stream) && typeof body.stream !== 'boolean') throw invalid('body.stream', 'must be true or false');
  if (dialect === 'responses')
    for (const name of kept) if (isSet(body[name]) && body[name] !== false) throw unsupported(name);
  const limits = ['max_tokens', 'max_completion_tokens', 'max_output_tokens'].map((name) =>
    integer(body, name, MOST_TOKENS),
  );
  if (dialect === 'messages' && limits[0] === undefined) throw invalid('body.max_tokens', 'is required');
  const options = body.stream_options;
  if (isSet(options) && !isJson(options)) throw invalid('body.stream_options', 'must be an object');
  return {
    model,
    stream: body.stream === true,
    includeUsage: dialect !== 'chat' || (isJson(options) && options.include_usage === true),
    maxOutput: limits.find((limit) => limit !== undefined),
    answers: integer(body, 'n', MOST_ANSWERS) ?? 1,
    media,
  };
}

/** The model that any request names. @throws Problem invalid-request */
export function readModel({ model }: Json): string {
  if (typeof model !== 'string' || model === '' || model.length > 256)
    throw invalid('body.model', 'must be a string of 1 to 256 characters');
  return model;
}

/** The place of what is said in each format, with the mistakes of callers who speak another one. */
function readConversation(dialect: DialectName, body: Json): void {
  if (dialect === 'responses') {
    const { input } = body;
    if (isSet(input) && typeof input !== 'string' && !Array.isArray(input))
      throw invalid('body.input', 'must be a string or an array');
    if (!isSet(input) && !isSet(body.prompt)) throw invalid('body.input', 'is required');
    if (Array.isArray(input)) checkItems('input', input);
    return;
  }
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0)
    throw invalid('body.messages', 'must be an array of at least one');
  checkItems('messages', messages);
  for (const [index, { role }] of (messages as Json[]).entries()) {
    if (typeof role !== 'string') throw invalid(`body.messages[${index}].role`, 'must be a string');
    if (dialect === 'messages' && role !== 'user' && role !== 'assistant')
      throw invalid(`body.messages[${index}].role`, 'must be "user" or "assistant"; instructions belong into "system"');
  }
  if (dialect === 'chat' && isSet(body.system))
    throw invalid('body.system', 'is not known here; send a message with the role "system"');
}

const checkItems = (name: string, items: readonly unknown[]) => {
  for (const [index, item] of items.entries())
    if (!isJson(item)) throw invalid(`body.${name}[${index}]`, 'must be an object');
};

function checkTools({ tools }: Json): void {
  if (!isSet(tools)) return;
  if (!Array.isArray(tools)) throw invalid('body.tools', 'must be an array');
  checkItems('tools', tools);
  const loop = findSchemaLoop(tools as Json[]);
  if (loop !== undefined) throw invalid(`body.${loop}`, 'refers to itself without end');
}

function integer(body: Json, name: string, most: number): number | undefined {
  const value = body[name];
  if (!isSet(value)) return undefined;
  if (!isWhole(value, 1, most)) throw invalid(`body.${name}`, `must be a whole number from 1 to ${most}`);
  return value;
}
