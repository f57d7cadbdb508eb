import type OpenAI from 'openai';
import { AiFailure } from '../../ai-failure.ts';
import type { ChatEvent, ChatMessage, ChatModel, ChatRequest, FinishReason, TokenUsage } from '../../chat-model.ts';
import { estimateUsage } from '../../estimate-tokens.ts';
import type { Watchdog } from '../../upstream/watchdog.ts';
import type { OpenAiClient } from './client.ts';
import { createToolCallReader } from './tool-calls.ts';

type Chunk = OpenAI.ChatCompletionChunk;

export interface ChatTimeouts {
  /** Longest wait for the first event of an answer. */
  timeoutMs: number;
  /** Longest wait between two events of an answer; default: `timeoutMs`, at most 30 seconds. */
  idleTimeoutMs?: number;
}

/** An answer may take this many times `timeoutMs` in all. */
const answerTimeouts = 5;

/** Chat with any server that speaks OpenAI's protocol. */
export function createOpenAiChat(client: OpenAiClient, timeouts: ChatTimeouts): ChatModel {
  const { timeoutMs, idleTimeoutMs = Math.min(timeoutMs, 30_000) } = timeouts;
  return {
    async *stream(request, { signal }) {
      const call = await client.open({
        action: `Ask model "${request.model}"`,
        model: request.model,
        totalMs: timeoutMs * answerTimeouts,
        caller: signal,
      });
      try {
        call.watchdog.arm(timeoutMs);
        // Retries are the business of the metered call, which writes a row for each.
        const options = { signal: call.watchdog.signal, maxRetries: 0 };
        const stream = await call.api.chat.completions.create(chatBody(request), options);
        yield* readChat(stream, request, call.watchdog, idleTimeoutMs);
        call.succeed();
      } catch (error) {
        throw call.fail(error);
      } finally {
        call.close();
      }
    },
  };
}

/** The request body. Reasoning models know neither `max_tokens` nor `temperature`; other servers only know these. */
function chatBody(request: ChatRequest): OpenAI.ChatCompletionCreateParamsStreaming {
  const { model, maxTokens, temperature, tools = [] } = request;
  const isReasoning = /^(o\d|gpt-5)/.test(model);
  return {
    model,
    messages: request.messages.map(toParam),
    stream: true,
    stream_options: { include_usage: true },
    ...(maxTokens !== undefined && (isReasoning ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens })),
    ...(temperature !== undefined && !isReasoning && { temperature }),
    ...(tools.length > 0 && { tools: tools.map((tool) => ({ type: 'function' as const, function: tool })) }),
  };
}

function toParam(message: ChatMessage): OpenAI.ChatCompletionMessageParam {
  switch (message.role) {
    case 'tool':
      return { role: 'tool', content: message.content, tool_call_id: message.toolCallId };
    case 'assistant': {
      const calls = (message.toolCalls ?? []).map(({ id, name, arguments: given }) => ({
        id,
        type: 'function' as const,
        function: { name, arguments: given },
      }));
      return { role: 'assistant', content: message.content, ...(calls.length > 0 && { tool_calls: calls }) };
    }
    default: {
      const { role, content } = message;
      if (typeof content === 'string') return { role, content };
      const parts = content.map((part) =>
        part.type === 'text' ? part : { type: 'image_url' as const, image_url: { url: part.url } },
      );
      return { role: 'user', content: parts };
    }
  }
}

/**
 * The events of a streamed completion. Counted usage comes last; where the server sent none it is estimated.
 * @throws AiFailure `broken` when the stream ends without a finish reason, or with neither text nor a tool call
 */
async function* readChat(
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
  yield { type: 'finish', reason: finishReasons[finish] ?? 'other' };
  const written = answer + calls.map((call) => call.name + call.arguments).join('');
  yield { type: 'usage', ...(usage ?? estimateUsage(messages, written)) };
}

const finishReasons: Record<string, FinishReason | undefined> = {
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
