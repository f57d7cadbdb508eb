import type { Json } from '../../dialects/contract.ts';
import { isJson, objectsOf, textOf } from '../../dialects/json.ts';
import { invalid, type Refuse, refuseChatOnly } from '../../dialects/refuse.ts';
import { stateOfCall } from './call-ids.ts';
import { writeFunctionName } from './function-names.ts';

/**
 * The conversation in GigaChat's roles: one system message, which comes first; users' messages joined where they follow each other; each
 * call of a tool with its result right behind it, as a turn has at most one. Pictures are `attachments`, still as data URLs.
 * @throws Problem invalid-request for calls without a result, results without a call, and arguments that are no JSON object
 */
export function writeMessages(messages: readonly Json[], refuse: Refuse): Json[] {
  const system: string[] = [];
  const written: Json[] = [];
  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    switch (message.role) {
      case 'system':
      case 'developer':
        system.push(contentOf(message.content, `${path}.content`, refuse).text);
        break;
      case 'user':
        addUser(written, contentOf(message.content, `${path}.content`, refuse));
        break;
      case 'assistant':
        written.push(...writeAssistant(message, resultsBehind(messages, index), path, refuse));
        break;
      case 'tool':
        checkResult(messages, index);
        break;
      default:
        refuse(`${path}.role`);
    }
  }
  const first = system.filter((text) => text !== '').join('\n\n');
  return first === '' ? written : [{ role: 'system', content: first }, ...written];
}

interface Content {
  text: string;
  pictures: string[];
}

function contentOf(content: unknown, path: string, refuse: Refuse): Content {
  if (!Array.isArray(content)) return { text: textOf(content), pictures: [] };
  const texts: string[] = [];
  const pictures: string[] = [];
  for (const [index, part] of objectsOf(content).entries()) {
    const url = isJson(part.image_url) ? textOf(part.image_url.url) : '';
    if (part.type === 'text' || part.type === 'refusal') texts.push(textOf(part.text ?? part.refusal));
    // Pictures are uploaded, which takes their bytes.
    else if (part.type === 'image_url' && url.startsWith('data:')) pictures.push(url);
    else refuse(`${path}[${index}].${part.type === 'image_url' ? 'image_url' : 'type'}`);
  }
  return { text: texts.join('\n'), pictures };
}

function addUser(written: Json[], { text, pictures }: Content): void {
  const last = written.at(-1);
  const isJoined = last?.role === 'user';
  const message: Json = isJoined ? last : { role: 'user', content: '' };
  message.content = [textOf(message.content), text].filter((each) => each !== '').join('\n\n');
  const attachments = [...((message.attachments as string[] | undefined) ?? []), ...pictures];
  if (attachments.length > 0) message.attachments = attachments;
  if (!isJoined) written.push(message);
}

/** Results that follow an assistant's message, by the call that they answer. */
function resultsBehind(messages: readonly Json[], index: number): Map<unknown, Json> {
  const results = new Map<unknown, Json>();
  for (const message of messages.slice(index + 1)) {
    if (message.role !== 'tool') break;
    results.set(message.tool_call_id, message);
  }
  return results;
}

function checkResult(messages: readonly Json[], index: number): void {
  const caller = messages.slice(0, index).findLast(({ role }) => role !== 'tool');
  const isAsked = objectsOf(caller?.tool_calls).some(({ id }) => id === messages[index]?.tool_call_id);
  if (!isAsked) {
    throw invalid(`body.messages[${index}].tool_call_id`, 'must answer a call of the assistant message before it');
  }
}

function writeAssistant(message: Json, results: ReadonlyMap<unknown, Json>, path: string, refuse: Refuse): Json[] {
  refuseChatOnly(message, path, refuse);
  const { text } = contentOf(message.content, `${path}.content`, refuse);
  const said = [text, textOf(message.refusal)].filter((part) => part !== '').join('\n\n');
  const calls = objectsOf(message.tool_calls);
  const ours = isJson(message.x_gigachat) ? textOf(message.x_gigachat.functions_state_id) : '';
  if (calls.length === 0) {
    return [{ role: 'assistant', content: said, ...(ours !== '' && { functions_state_id: ours }) }];
  }
  return calls.flatMap((call, index) => {
    const place = `${path}.tool_calls[${index}]`;
    if (!isJson(call.function)) {
      refuse(`${place}.type`);
      return [];
    }
    const result = results.get(call.id);
    if (!result) throw invalid(`body.${place}.id`, 'must be answered by a tool message right behind');
    const name = writeFunctionName(textOf(call.function.name));
    const state = stateOfCall(textOf(call.id)) ?? (index === 0 && ours !== '' ? ours : undefined);
    return [
      {
        role: 'assistant',
        content: index === 0 ? said : '',
        function_call: { name, arguments: argumentsOf(call.function.arguments, place) },
        ...(state !== undefined && { functions_state_id: state }),
      },
      { role: 'function', name, content: resultOf(contentOf(result.content, `${path}.content`, refuse).text) },
    ];
  });
}

function argumentsOf(given: unknown, path: string): Json {
  const text = textOf(given);
  if (text.trim() === '') return {};
  const parsed = parse(text);
  if (!isJson(parsed)) throw invalid(`body.${path}.function.arguments`, 'must be a JSON object');
  return parsed;
}

/** GigaChat takes only a JSON object as the result of a function. */
function resultOf(text: string): string {
  const parsed = parse(text);
  return isJson(parsed) ? text : JSON.stringify({ result: parsed ?? text });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
