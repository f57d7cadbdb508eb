import type { Json } from '../../dialects/contract.ts';
import { isJson, objectsOf, textOf } from '../../dialects/json.ts';
import { messagesDialect } from '../../dialects/messages/messages-dialect.ts';
import { unsupported } from '../../dialects/refuse.ts';
import { gigaChatWire } from './wire.ts';

const ignore = () => {};

/**
 * The texts of a prompt in Anthropic's format as GigaChat would be asked it, whose tokens it counts one by one.
 * @throws Problem invalid-request; unsupported-parameter for pictures, whose tokens it does not count
 */
export function countedTexts(body: Json, model: string): string[] {
  const chat = messagesDialect.readRequest({ ...body, max_tokens: 1 }, ignore);
  const request = gigaChatWire.writeRequest(chat, { model, stream: false, drop: ignore });
  const messages = objectsOf(request.messages);
  if (messages.some(({ attachments }) => Array.isArray(attachments))) throw unsupported('messages');
  const said = messages.flatMap(({ content, function_call: call }) => [
    textOf(content),
    isJson(call) ? JSON.stringify(call) : '',
  ]);
  return [...said, ...objectsOf(request.functions).map((one) => JSON.stringify(one))].filter((text) => text !== '');
}
