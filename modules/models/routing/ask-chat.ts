import type { Wire } from '../dialects/contract.ts';
import type { Adapter, AdapterCall, UpstreamResponse } from '../providers/adapter.ts';
import { askTarget, type ExchangeContext } from './ask-target.ts';
import type { Attempt } from './attempt.ts';
import type { ChatSource } from './chat-source.ts';
import type { AskedChat } from './contract.ts';

/** A target that has begun to answer, in its format. */
export interface AskedTarget {
  adapter: Adapter;
  wire: Wire;
  response: UpstreamResponse;
}

/**
 * Asks a target in its format. What was written for it is not kept: while a long answer comes, nothing here refers to it.
 * @throws as `askTarget` and `ChatSource.write`
 */
export async function askChat(context: ExchangeContext, source: ChatSource, attempt: Attempt): Promise<AskedTarget> {
  const adapter = await context.adapterOf(attempt.target.provider.kind);
  const { wire, body } = source.write(attempt.target, adapter);
  const headers = passedHeaders(source.headers, wire.name);
  const write = (call: AdapterCall) => adapter.chat(wire, body, call);
  const response = await askTarget(context, adapter, attempt, write, source.drop, headers);
  return { adapter, wire, response };
}

/** Headers that mean something only to upstreams that speak certain formats. */
const formats: Readonly<Record<string, readonly string[]>> = {
  'anthropic-beta': ['messages'],
  'openai-beta': ['chat', 'responses'],
};

/** Those headers of a caller that an upstream of this format is sent. @param names of `headers` are in lower case */
const passedHeaders = (headers: AskedChat['headers'], format: string): Record<string, string> =>
  Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => formats[name]?.includes(format) ?? true));
