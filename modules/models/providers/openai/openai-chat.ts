import type { ChatCompletionChunk, ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { buildMessages, newBoundary } from '../../../legal/answers/prompt.ts';
import { createRefusalFilter } from '../../../legal/answers/refusal.ts';
import { AiFailure } from '../../ai-failure.ts';
import type { AnswerEvent, AnswerRequest, TokenUsage } from '../../contract.ts';
import { estimateUsage } from '../../estimate-tokens.ts';
import type { Watchdog } from '../../upstream/watchdog.ts';

/** The request body. Reasoning models know neither `max_tokens` nor `temperature`; other servers only know these. */
export function chatBody(request: AnswerRequest): ChatCompletionCreateParamsStreaming {
  const { model, maxTokens } = request;
  return {
    model,
    messages: buildMessages(request, newBoundary()),
    stream: true,
    stream_options: { include_usage: true },
    ...(/^(o\d|gpt-5)/.test(model) ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens, temperature: 0 }),
  };
}

/**
 * The events of a streamed completion. Counted usage comes last; where the server sent none it is estimated.
 * @throws AiFailure `broken` when the stream ends without a finish reason, or with no text
 */
export async function* readAnswer(
  stream: AsyncIterable<ChatCompletionChunk>,
  request: AnswerRequest,
  watchdog: Watchdog,
  idleMs: number,
): AsyncGenerator<AnswerEvent> {
  const refusal = createRefusalFilter(request.language);
  let answer = '';
  let usage: TokenUsage | undefined;
  let finished = false;
  for await (const chunk of stream) {
    watchdog.disarm();
    const choice = chunk.choices?.[0];
    const content = choice?.delta?.content;
    if (typeof content === 'string' && content !== '') {
      answer += content;
      const text = refusal.push(content);
      if (text !== '') yield { type: 'delta', text };
    }
    finished ||= Boolean(choice?.finish_reason);
    usage = readUsage(chunk.usage) ?? usage;
    watchdog.arm(idleMs);
  }
  // The library ends an aborted stream as if it were complete.
  const verdict = watchdog.verdict();
  if (verdict) throw new AiFailure(verdict, `Read answer of "${request.model}": ${verdict}`);
  if (!finished) throw new AiFailure('broken', `Read answer of "${request.model}": the stream ended too early`);
  if (answer.trim() === '') throw new AiFailure('broken', `Read answer of "${request.model}": no text in it`);
  const rest = refusal.end();
  if (rest !== '') yield { type: 'delta', text: rest };
  yield { type: 'usage', ...(usage ?? estimateUsage(request, answer)) };
}

/** Undefined for what cannot be the count of an answer; the numbers are a stranger's. */
function readUsage(usage: ChatCompletionChunk['usage']): TokenUsage | undefined {
  if (!usage) return undefined;
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = usage;
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
  if (![promptTokens, completionTokens].every((count) => Number.isSafeInteger(count) && count > 0)) return undefined;
  const cachedTokens = Number.isSafeInteger(cached) ? Math.min(Math.max(cached, 0), promptTokens) : 0;
  return { promptTokens, completionTokens, cachedTokens };
}
