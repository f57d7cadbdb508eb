import type OpenAI from 'openai';
import { AiFailure } from '../../ai-failure.ts';
import type { ChatEvent, ChatRequest, FinishReason, TokenUsage } from '../../chat/chat-model.ts';
import { estimateUsage } from '../../chat/estimate-tokens.ts';
import { entryOf } from '../../dialects/json.ts';
import type { Watchdog } from '../../upstream/watchdog.ts';
import { createToolCallReader } from './tool-calls.ts';

type Chunk = OpenAI.ChatCompletionChunk;

/**
 * The events of a streamed completion. Counted usage comes last; where the server sent none it is estimated.
 * @throws AiFailure `broken` when the stream ends without a finish reason, or with neither text nor a tool call
 */
export async function* readChat(
  stream: AsyncIterable<Chunk>,
  { model, messages }: ChatRequest,
  watchdog: Watchdog,
  idleMs: number,
): AsyncGenerator<ChatEvent> {
  const tools = createToolCallReader();
  let answer = '';
  let usage: TokenUsage | undefined;
  let finish: string | undefined;
  for await (const chunk of stream) {
    watchdog.disarm();
    const choice = chunk.choices?.[0];
    const content = choice?.delta?.content;
    if (typeof content === 'string' && content !== '') {
      answer += content;
      yield { type: 'text', text: content };
    }
    tools.read(choice?.delta?.tool_calls);
    finish = choice?.finish_reason || finish;
    usage = readUsage(chunk.usage) ?? usage;
    watchdog.arm(idleMs);
  }
  // The library ends an aborted stream as if it were complete.
  const verdict = watchdog.verdict();
  if (verdict) throw new AiFailure(verdict, `Read answer of "${model}": ${verdict}`);
  if (!finish) throw new AiFailure('broken', `Read answer of "${model}": the stream ended too early`);
  const calls = tools.calls();
  if (answer.trim() === '' && calls.length === 0) {
    throw new AiFailure('broken', `Read answer of "${model}": no text in it`);
  }
  for (const call of calls) yield { type: 'tool-call', call };
  yield { type: 'finish', reason: entryOf(finishReasons, finish) ?? 'other' };
  const written = answer + calls.map((call) => call.name + call.arguments).join('');
  yield { type: 'usage', ...(usage ?? estimateUsage(messages, written)) };
}

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'filtered',
};

/** Undefined for what cannot be the count of an answer; the numbers are a stranger's. */
function readUsage(usage: Chunk['usage']): TokenUsage | undefined {
  if (!usage) return undefined;
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = usage;
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
  if (![promptTokens, completionTokens].every((count) => Number.isSafeInteger(count) && count > 0)) return undefined;
  const cachedTokens = Number.isSafeInteger(cached) ? Math.min(Math.max(cached, 0), promptTokens) : 0;
  return { promptTokens, completionTokens, cachedTokens };
}
