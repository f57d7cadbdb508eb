import {
  checkBooleans,
  checkDepth,
  checkInteger,
  checkNumber,
  checkObjects,
  checkStrings,
  needList,
  needObject,
  needOneOf,
  needText,
} from '../check-fields.ts';
import type { ChatBody, Json } from '../contract.ts';
import { fieldsOf, isSet } from '../json.ts';
import { invalid } from '../refuse.ts';
import { checkMessages } from './check-messages.ts';

const MOST_CHOICES = 128;

function checkSampling(body: Json): void {
  checkInteger(body, 'n', 1, MOST_CHOICES);
  checkInteger(body, 'max_tokens', 1);
  checkInteger(body, 'max_completion_tokens', 1);
  checkInteger(body, 'top_logprobs', 0, 20);
  checkInteger(body, 'seed', Number.MIN_SAFE_INTEGER);
  checkNumber(body, 'temperature', 0, 2);
  checkNumber(body, 'top_p', 0, 1);
  checkNumber(body, 'presence_penalty', -2, 2);
  checkNumber(body, 'frequency_penalty', -2, 2);
  checkBooleans(body, ['stream', 'logprobs', 'parallel_tool_calls', 'store']);
  checkStrings(body, ['user', 'reasoning_effort', 'service_tier', 'verbosity', 'prompt_cache_key']);
  checkObjects(body, ['stream_options', 'metadata', 'logit_bias', 'audio']);
  for (const [token, bias] of Object.entries(fieldsOf(body.logit_bias)))
    if (typeof bias !== 'number' || !(bias >= -100 && bias <= 100))
      throw invalid(`body.logit_bias.${token}`, 'must be a number from -100 to 100');
  const { stop } = body;
  if (
    isSet(stop) &&
    typeof stop !== 'string' &&
    !(Array.isArray(stop) && stop.every((text) => typeof text === 'string'))
  )
    throw invalid('body.stop', 'must be a string or an array of strings');
}

function checkTools(body: Json): void {
  const tools = isSet(body.tools) ? needList(body.tools, 'body.tools') : [];
  for (const [index, value] of tools.entries()) {
    const path = `body.tools[${index}]`;
    const tool = needObject(value, path);
    const type = needOneOf(tool.type, `${path}.type`, ['function', 'custom']);
    const named = needObject(tool[type], `${path}.${type}`);
    needText(named.name, `${path}.${type}.name`);
    if (isSet(named.parameters)) needObject(named.parameters, `${path}.${type}.parameters`);
  }
  const choice = body.tool_choice;
  if (typeof choice === 'string') needOneOf(choice, 'body.tool_choice', ['none', 'auto', 'required']);
  else if (isSet(choice)) {
    const object = needObject(choice, 'body.tool_choice');
    const type = needOneOf(object.type, 'body.tool_choice.type', ['function', 'custom', 'allowed_tools']);
    const named = needObject(object[type], `body.tool_choice.${type}`);
    if (type !== 'allowed_tools') needText(named.name, `body.tool_choice.${type}.name`);
  }
}

function checkResponseFormat(value: unknown): void {
  if (!isSet(value)) return;
  const path = 'body.response_format';
  const format = needObject(value, path);
  if (needOneOf(format.type, `${path}.type`, ['text', 'json_object', 'json_schema']) !== 'json_schema') return;
  const schema = needObject(format.json_schema, `${path}.json_schema`);
  needText(schema.name, `${path}.json_schema.name`);
  if (isSet(schema.schema)) needObject(schema.schema, `${path}.json_schema.schema`);
}

/**
 * The request itself, checked; fields that are not known pass as they are.
 * @throws Problem invalid-request naming the place
 */
export function readChatRequest(body: Json): ChatBody {
  checkDepth(body);
  needText(body.model, 'body.model');
  checkMessages(body.messages);
  checkSampling(body);
  checkTools(body);
  checkResponseFormat(body.response_format);
  return body as ChatBody;
}
