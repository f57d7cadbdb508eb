import {
  checkBooleans,
  checkDepth,
  checkInteger,
  checkNumber,
  needList,
  needObject,
  needOneOf,
  needString,
  needText,
} from '../check-fields.ts';
import type { ChatBody, Json } from '../contract.ts';
import { fieldsOf, isSet, pick } from '../json.ts';
import { readFunction, readTools } from '../read-tools.ts';
import { createRefusal, invalid, type Refuse } from '../refuse.ts';
import { cacheMark, readSystem } from './read-content.ts';
import { readMessages } from './read-messages.ts';

function readTool(tool: Json, path: string, refuse: Refuse): Json[] {
  if (isSet(tool.type) && tool.type !== 'custom') {
    refuse(`${path}.type`);
    return [];
  }
  const schema = needObject(tool.input_schema, `${path}.input_schema`);
  return [{ ...readFunction(tool, path, schema), ...cacheMark(tool) }];
}

function readToolChoice(value: unknown): Json {
  if (!isSet(value)) return {};
  const choice = needObject(value, 'body.tool_choice');
  const type = needOneOf(choice.type, 'body.tool_choice.type', ['auto', 'any', 'tool', 'none']);
  const parallel = choice.disable_parallel_tool_use === true ? { parallel_tool_calls: false } : {};
  if (type !== 'tool') return { tool_choice: type === 'any' ? 'required' : type, ...parallel };
  const name = needText(choice.name, 'body.tool_choice.name');
  return { tool_choice: { type: 'function', function: { name } }, ...parallel };
}

/** Tokens of thinking up to which an effort goes. */
const efforts = [
  ['low', 4_096],
  ['medium', 16_384],
  ['high', Number.POSITIVE_INFINITY],
] as const;

/** How hard to think, as OpenAI says it. What was asked exactly stays in `x_anthropic`. */
function readEffort(body: Json): Json {
  const config = isSet(body.output_config) ? needObject(body.output_config, 'body.output_config') : {};
  if (isSet(config.effort)) return { reasoning_effort: needText(config.effort, 'body.output_config.effort') };
  if (!isSet(body.thinking)) return {};
  const thinking = needObject(body.thinking, 'body.thinking');
  if (thinking.type !== 'enabled') return {};
  const budget = thinking.budget_tokens;
  if (!Number.isSafeInteger(budget) || (budget as number) < 1)
    throw invalid('body.thinking.budget_tokens', 'must be an integer of at least 1');
  return { reasoning_effort: efforts.find(([, most]) => (budget as number) <= most)?.[0] };
}

function readFormat(body: Json): Json {
  const config = fieldsOf(body.output_config);
  const [format, path] = isSet(config.format)
    ? [config.format, 'body.output_config.format']
    : [body.output_format, 'body.output_format'];
  if (!isSet(format)) return {};
  const { type, schema } = needObject(format, path);
  needOneOf(type, `${path}.type`, ['json_schema']);
  const named = { name: 'answer', schema: needObject(schema, `${path}.schema`), strict: true };
  return { response_format: { type: 'json_schema', json_schema: named } };
}

function checkFields(body: Json): void {
  needText(body.model, 'body.model');
  if (!isSet(body.max_tokens)) throw invalid('body.max_tokens', 'must be given');
  checkInteger(body, 'max_tokens', 1);
  checkInteger(body, 'top_k', 0);
  checkNumber(body, 'temperature', 0, 1);
  checkNumber(body, 'top_p', 0, 1);
  checkBooleans(body, ['stream']);
}

/** Fields that have a place of their own in a chat completion. */
const translated = new Set(
  `model max_tokens messages system stream temperature top_p stop_sequences tools tool_choice metadata output_config
   output_format`.split(/\s+/),
);

/** What no chat completion can say: kept for upstreams of this format, and refused by others. */
function extrasOf(body: Json): Json {
  const extras = Object.entries(body).filter(([name, value]) => !translated.has(name) && isSet(value));
  const config = Object.entries(fieldsOf(body.output_config));
  const other = config.filter(([name, value]) => name !== 'effort' && name !== 'format' && isSet(value));
  return Object.fromEntries([
    ...extras.filter(([name, value]) => name !== 'service_tier' || value !== 'auto'),
    ...(other.length > 0 ? [['output_config', Object.fromEntries(other)] as const] : []),
  ]);
}

/**
 * A request of Anthropic's messages as a chat completion.
 * @throws Problem invalid-request naming the place, unsupported-parameter for tools and blocks that only Anthropic runs
 */
export function readMessagesRequest(body: Json, drop?: Refuse): ChatBody {
  const refuse = createRefusal(drop);
  checkDepth(body);
  checkFields(body);
  const system = isSet(body.system) ? [{ role: 'system', content: readSystem(body.system, 'body.system') }] : [];
  const stop = isSet(body.stop_sequences) ? needList(body.stop_sequences, 'body.stop_sequences') : [];
  for (const [index, text] of stop.entries()) needString(text, `body.stop_sequences[${index}]`);
  const metadata = isSet(body.metadata) ? needObject(body.metadata, 'body.metadata') : {};
  const extras = extrasOf(body);
  return {
    model: body.model,
    messages: [...system.filter(({ content }) => content.length > 0), ...readMessages(body.messages, refuse)],
    max_completion_tokens: body.max_tokens,
    ...pick(body, ['stream', 'temperature', 'top_p']),
    ...(stop.length > 0 && { stop }),
    ...(isSet(metadata.user_id) && { user: needString(metadata.user_id, 'body.metadata.user_id') }),
    ...readTools(body, (tool, path) => readTool(tool, path, refuse), readToolChoice(body.tool_choice)),
    ...readEffort(body),
    ...readFormat(body),
    ...(Object.keys(extras).length > 0 && { x_anthropic: extras }),
  } as unknown as ChatBody;
}
