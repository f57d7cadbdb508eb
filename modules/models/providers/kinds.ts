import type { Ability } from '../routing/route.ts';
import type { Provider, ProviderKind } from './adapter.ts';

/** What the configuration asks of a provider of one kind. */
interface KindRules {
  /** Used where the configuration gives no address; undefined where it must give one. */
  defaultBaseUrl: string | undefined;
  /** Other servers that its calls need, by the option that may name another. */
  otherUrls?: Readonly<Record<string, string>>;
  needsKey: boolean;
  /** What its models can be asked for at most; what one of them can stands in the configuration. */
  can: readonly Ability[];
  /** Calls with one key at the same time, where the configuration does not say; any number without it. */
  usualConcurrency?(options: Provider['options']): number;
  /** What only this kind knows; other options are refused. */
  options: Readonly<Record<string, { type: 'string' | 'number' | 'boolean'; required?: true }>>;
}

/** What a conversation may ask for. */
export const conversation: readonly Ability[] = ['chat', 'tools', 'vision', 'json'];
const media = ['speech', 'transcription', 'images'] as const;

/** What sets servers of OpenAI's protocol apart, see `openai/quirks.ts`. */
const quirks = {
  server: { type: 'string' },
  maxTokensField: { type: 'string' },
  noStreamOptions: { type: 'boolean' },
  noDeveloperRole: { type: 'boolean' },
  reasoningContent: { type: 'string' },
  thinksInStreams: { type: 'boolean' },
  reasoning: { type: 'boolean' },
} as const;

/** Of a person's account at GigaChat; the scope of a key where the configuration does not say. */
export const GIGACHAT_SCOPE = 'GIGACHAT_API_PERS';
/** Where keys of GigaChat are exchanged for tokens. */
export const GIGACHAT_OAUTH_URL = 'https://ngw.devices.sberbank.ru:9443/api/v2/oauth';

export const kindRules: Readonly<Record<ProviderKind, KindRules>> = {
  openai: {
    defaultBaseUrl: 'https://api.openai.com/v1',
    needsKey: false,
    // Several servers of its protocol sort documents, though not OpenAI itself.
    can: [...conversation, 'embeddings', ...media, 'rerank'],
    options: { ...quirks, organization: { type: 'string' }, project: { type: 'string' } },
  },
  azure: {
    defaultBaseUrl: undefined,
    needsKey: true,
    can: [...conversation, 'embeddings', ...media],
    options: { ...quirks, apiVersion: { type: 'string' }, auth: { type: 'string' } },
  },
  anthropic: {
    defaultBaseUrl: 'https://api.anthropic.com/v1',
    needsKey: true,
    can: conversation,
    options: { apiVersion: { type: 'string' }, auth: { type: 'string' }, beta: { type: 'string' } },
  },
  gigachat: {
    defaultBaseUrl: 'https://gigachat.devices.sberbank.ru/api/v1',
    otherUrls: { oauthUrl: GIGACHAT_OAUTH_URL },
    needsKey: true,
    can: [...conversation, 'embeddings'],
    // A person's account answers one call at a time, a company's ten.
    usualConcurrency: ({ scope = GIGACHAT_SCOPE }) => (scope === GIGACHAT_SCOPE ? 1 : 10),
    options: { scope: { type: 'string' }, oauthUrl: { type: 'string' }, sessions: { type: 'boolean' } },
  },
  yandex: {
    defaultBaseUrl: 'https://ai.api.cloud.yandex.net/v1',
    needsKey: true,
    can: [...conversation, 'embeddings', 'images'],
    options: { ...quirks, folder: { type: 'string', required: true }, dataLogging: { type: 'boolean' } },
  },
  cohere: {
    defaultBaseUrl: 'https://api.cohere.ai/compatibility/v1',
    needsKey: true,
    can: [...conversation, 'embeddings', 'rerank'],
    options: quirks,
  },
  // Answers without a server; the address names none that there could be.
  local: { defaultBaseUrl: 'http://local.invalid', needsKey: false, can: ['chat', 'embeddings'], options: {} },
};
