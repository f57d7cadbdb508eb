import type { Wire } from '../../dialects/contract.ts';
import type { Adapter, AdapterCall } from '../adapter.ts';
import { createCompatibleAdapter } from './compatible.ts';

/**
 * Any server that speaks OpenAI's protocol: OpenAI, DeepSeek, Qwen, vLLM, Ollama, OpenRouter and others. What sets them apart are options of
 * their provider, see `quirks.ts`.
 * @param wires of chat completions and responses
 */
export const createOpenAiAdapter = (wires: readonly Wire[]): Adapter =>
  createCompatibleAdapter({
    kind: 'openai',
    wires,
    urlOf: (path, { provider }) => `${provider.baseUrl}${path}`,
    headersOf,
  });

/** Servers of one's own often want no key. */
function headersOf({ key, provider: { options } }: AdapterCall): Record<string, string> {
  const { organization, project } = options;
  return {
    ...(key.secret !== '' && { authorization: `Bearer ${key.secret}` }),
    ...(typeof organization === 'string' && { 'openai-organization': organization }),
    ...(typeof project === 'string' && { 'openai-project': project }),
  };
}
