import { isFailedResult, refuseExtras } from '../anthropic-extras.ts';
import type { ChatBody, Json, WriteOptions } from '../contract.ts';
import { fieldsOf, objectsOf, textOf, without } from '../json.ts';
import { createRefusal } from '../refuse.ts';

/** What Anthropic needs, and no server of this format knows. */
const foreign = new Set(['x_anthropic', 'cache_control']);

const plain = (object: Json): Json => without(object, foreign);

/** Between the texts of a content that many servers want to be one. */
const separators: Readonly<Record<string, string>> = { system: '\n\n', developer: '\n\n', assistant: '', tool: '\n' };

const isText = ({ type }: Json): boolean => type === 'text';

function writeMessage(message: Json): Json {
  const written = plain(message);
  if (Array.isArray(message.tool_calls)) written.tool_calls = objectsOf(message.tool_calls).map(plain);
  if (!Array.isArray(message.content)) return written;
  const parts = objectsOf(message.content).map(plain);
  const separator = separators[textOf(message.role)];
  const isOne = parts.every(isText) && (separator !== undefined || parts.length === 1);
  return { ...written, content: isOne ? parts.map(({ text }) => textOf(text)).join(separator) : parts };
}

/** A result of a tool, which in this format is text, and what else it holds as parts of the user's next message. */
function writeResult(message: Json): { result: Json; rest: Json[] } {
  const parts = Array.isArray(message.content) ? objectsOf(message.content).map(plain) : [];
  const rest = parts.filter((part) => !isText(part));
  const { content } = writeMessage(rest.length > 0 ? { ...message, content: parts.filter(isText) } : message);
  const label = { type: 'text', text: `Attached to the result of "${String(message.tool_call_id)}":` };
  return {
    result: { ...plain(message), content: isFailedResult(message) ? `Error: ${textOf(content)}` : content },
    rest: rest.length > 0 ? [label, ...rest] : [],
  };
}

function writeMessages(messages: readonly Json[]): Json[] {
  const written: Json[] = [];
  let attached: Json[] = [];
  const attach = () => {
    if (attached.length > 0) written.push({ role: 'user', content: attached });
    attached = [];
  };
  for (const message of messages) {
    if (message.role === 'tool') {
      const { result, rest } = writeResult(message);
      written.push(result);
      attached.push(...rest);
    } else {
      attach();
      written.push(writeMessage(message));
    }
  }
  attach();
  return written;
}

/**
 * `reasoning_content` of earlier turns stays: whether it may be sent depends on the server. The thinking that Anthropic's format asks
 * for stands as `reasoning_effort` as well.
 * @throws Problem unsupported-parameter naming what only Anthropic's format can say
 */
export function writeChatRequest(body: ChatBody, { model, stream, drop }: WriteOptions): Json {
  const { x_anthropic: _, stream_options: streamOptions, ...request } = body as Json;
  refuseExtras(body, createRefusal(drop));
  return {
    ...request,
    model,
    messages: writeMessages(objectsOf(request.messages)),
    ...(Array.isArray(request.tools) && { tools: objectsOf(request.tools).map(plain) }),
    stream,
    ...(stream && { stream_options: { ...fieldsOf(streamOptions), include_usage: true } }),
  };
}
