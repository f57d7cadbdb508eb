import type { ChatModel } from './chat-model.ts';
import { createLocalChat } from './providers/local/chat.ts';
import type { ChatTimeouts } from './providers/openai/chat.ts';
import type { OpenAiEndpoint } from './providers/openai/client.ts';

/**
 * The model behind a key, or the local one without. The client library is loaded only when it is needed: it costs a
 * process more time and memory than everything else here.
 * @throws Error when the host of `baseUrl` is not among `allowedHosts`
 */
export async function createChatModel(settings: OpenAiEndpoint & ChatTimeouts): Promise<ChatModel> {
  if (!settings.apiKey) return createLocalChat();
  const { connectOpenAi } = await import('./providers/openai/client.ts');
  const { createOpenAiChat } = await import('./providers/openai/chat.ts');
  return createOpenAiChat(connectOpenAi(settings), settings);
}
