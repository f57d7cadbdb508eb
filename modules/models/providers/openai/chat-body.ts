import type OpenAI from 'openai';
import type { ChatMessage, ChatRequest } from '../../chat/chat-model.ts';

/** The request body. Reasoning models know neither `max_tokens` nor `temperature`; other servers only know these. */
export function chatBody(request: ChatRequest): OpenAI.ChatCompletionCreateParamsStreaming {
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
