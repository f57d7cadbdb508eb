import type { ChatBody, Json, WriteOptions } from '../contract.ts';
import { isJson, isSet, objectsOf, without } from '../json.ts';
import { createRefusal } from '../refuse.ts';

/** What other formats need to continue a conversation, and no server of this one knows. */
const foreign = new Set(['x_anthropic', 'reasoning_content', 'cache_control']);

const plain = (object: Json): Json => without(object, foreign);

function writeMessage(message: Json): Json {
  const { content } = message;
  return { ...plain(message), ...(Array.isArray(content) && { content: objectsOf(content).map(plain) }) };
}

/**
 * The thinking that Anthropic's format asks for stands as `reasoning_effort` as well.
 * @throws Problem unsupported-parameter naming what only Anthropic's format can say
 */
export function writeChatRequest(body: ChatBody, { model, stream, drop }: WriteOptions): Json {
  const { x_anthropic: extras, stream_options: streamOptions, ...request } = body as Json;
  const refuse = createRefusal(drop);
  for (const [name, value] of Object.entries(isJson(extras) ? extras : {}))
    if (isSet(value) && name !== 'thinking') refuse(name);
  return {
    ...request,
    model,
    messages: objectsOf(request.messages).map(writeMessage),
    ...(Array.isArray(request.tools) && { tools: objectsOf(request.tools).map(plain) }),
    stream,
    ...(stream && { stream_options: { ...(isJson(streamOptions) && streamOptions), include_usage: true } }),
  };
}
