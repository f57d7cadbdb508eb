import { thinkingOf } from '../anthropic-extras.ts';
import type { ChatAnswer, Json } from '../contract.ts';
import { fieldsOf, objectsOf, textOf } from '../json.ts';
import {
  callItem,
  endOf,
  messageItem,
  reasoningItem,
  refusalPart,
  responseBody,
  responseId,
  textPart,
} from './response-body.ts';

/** A chat completion, of which the first choice counts, as a response. */
export function writeResponsesAnswer(answer: ChatAnswer, model: string): Json {
  const [choice = {}] = objectsOf(answer.choices);
  const message = fieldsOf(choice.message);
  const id = responseId(answer.id);
  const end = endOf(choice, answer.usage);
  const status = textOf(end.status);
  const output: Json[] = [];
  const itemId = (prefix: string) => `${prefix}_${id.slice('resp_'.length)}_${output.length}`;

  const reasoning = textOf(message.reasoning_content);
  const thinking = thinkingOf(message);
  if (reasoning !== '' || thinking.length > 0) output.push(reasoningItem(itemId('rs'), reasoning, thinking));
  const [text, refusal] = [textOf(message.content), textOf(message.refusal)];
  const calls = objectsOf(message.tool_calls);
  if (text !== '' || refusal !== '' || calls.length === 0) {
    const parts = [
      ...(text === '' && refusal !== '' ? [] : [textPart(text)]),
      ...(refusal === '' ? [] : [refusalPart(refusal)]),
    ];
    output.push(messageItem(itemId('msg'), status, parts));
  }
  for (const call of calls) {
    const called = fieldsOf(call.function);
    output.push(callItem(itemId('fc'), status, { id: call.id, name: called.name, text: textOf(called.arguments) }));
  }
  const createdAt = typeof answer.created === 'number' ? answer.created : Math.floor(Date.now() / 1000);
  return { ...responseBody({ id, createdAt, model }), ...end, output };
}
