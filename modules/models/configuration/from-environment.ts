import type { Environment } from '../../../platform/kernel/environment.ts';
import { embeddingEndpoints, embeddingVariables } from '../embedding/embedding-settings.ts';
import { localChatModel } from '../providers/local/chat.ts';
import { localEmbeddingModel } from '../providers/local/embed-locally.ts';
import type { Ability } from '../routing/route.ts';
import {
  AI_EMBEDDING_API_KEY,
  AI_MODEL_ADVANCED,
  AI_MODEL_STANDARD,
  ANTHROPIC_API_KEY,
  AZURE_OPENAI_API_KEY,
  AZURE_OPENAI_BASE_URL,
  COHERE_API_KEY,
  GIGACHAT_CA_PATH,
  GIGACHAT_KEY,
  GIGACHAT_SCOPE,
  YANDEX_API_KEY,
  YANDEX_FOLDER,
} from '../variables.ts';
import type { GatewayDocument, ModelEntry, ProviderEntry } from './contract.ts';
import type { fileVariables, KeyVariable } from './key-source.ts';

/** Variables that a configuration is made of as long as the database holds none. */
export const environmentVariables = [
  ...embeddingVariables,
  AI_MODEL_STANDARD,
  AI_MODEL_ADVANCED,
  ANTHROPIC_API_KEY,
  GIGACHAT_KEY,
  GIGACHAT_SCOPE,
  GIGACHAT_CA_PATH,
  YANDEX_API_KEY,
  YANDEX_FOLDER,
  COHERE_API_KEY,
  AZURE_OPENAI_API_KEY,
  AZURE_OPENAI_BASE_URL,
];
type Settings = Environment<(typeof environmentVariables)[number]>;

/** A provider with the models that stand for the usual routes. */
interface Offer {
  name: string;
  entry: ProviderEntry;
  standard: string;
  advanced: string;
  can: Ability[];
  embedding?: string;
}

const everything: Ability[] = ['chat', 'tools', 'vision', 'json'];

/**
 * The configuration of a platform that has no document: a provider for each key that is set, and the routes `default`, `standard`,
 * `advanced` and `embedding` to them in a fixed order. Without any key the local provider serves.
 */
export function fromEnvironment(settings: Settings): GatewayDocument {
  const offers = offersOf(settings);
  const providers: GatewayDocument['providers'] = {};
  const models: GatewayDocument['models'] = {};
  const add = (provider: string, name: string, can: Ability[]): string => {
    // Two providers may call a model the same.
    const target = models[name] === undefined || models[name].provider === provider ? name : `${provider}/${name}`;
    models[target] ??= { provider, name, can } satisfies ModelEntry;
    return target;
  };
  for (const { name, entry } of offers) providers[name] = entry;
  const standard = offers.map(({ name, standard, can }) => add(name, standard, can));
  const advanced = offers.map(({ name, advanced, can }) => add(name, advanced, can));
  const embeds = embeddingOf(settings, offers);
  providers[embeds.provider] ??= embeds.entry;
  const embedding = add(embeds.provider, embeds.model, ['embeddings']);
  return {
    version: 1,
    providers,
    models,
    routes: {
      default: { targets: standard },
      standard: { targets: standard },
      advanced: { targets: advanced },
      // One alone: vectors of different models cannot be compared.
      embedding: { targets: [embedding] },
    },
  };
}

function offersOf(settings: Settings): Offer[] {
  const models = { standard: settings.AI_MODEL_STANDARD, advanced: settings.AI_MODEL_ADVANCED };
  const keyed = (env: KeyVariable, offer: Offer): Offer[] =>
    settings[env] ? [{ ...offer, entry: { ...offer.entry, keys: [{ env }] } }] : [];
  const offers = [
    ...keyed('OPENAI_API_KEY', { name: 'openai', entry: openAi(settings), ...models, can: everything }),
    ...keyed('AZURE_OPENAI_API_KEY', { name: 'azure', entry: azure(settings), ...models, can: everything }),
    ...keyed('ANTHROPIC_API_KEY', {
      name: 'anthropic',
      entry: { kind: 'anthropic' },
      standard: 'claude-haiku-4-5',
      advanced: 'claude-sonnet-4-5',
      can: everything,
    }),
    ...keyed('GIGACHAT_KEY', {
      name: 'gigachat',
      entry: gigachat(settings),
      standard: 'GigaChat-2',
      advanced: 'GigaChat-2-Max',
      can: everything,
      embedding: 'Embeddings',
    }),
    ...keyed('YANDEX_API_KEY', {
      name: 'yandex',
      entry: { kind: 'yandex', options: { folder: settings.YANDEX_FOLDER ?? '' } },
      standard: 'yandexgpt-lite/latest',
      advanced: 'yandexgpt/latest',
      can: ['chat', 'tools', 'json'],
      embedding: 'text-search-doc/latest',
    }),
    ...keyed('COHERE_API_KEY', {
      name: 'cohere',
      entry: { kind: 'cohere' },
      standard: 'command-r7b-12-2024',
      advanced: 'command-a-03-2025',
      can: ['chat', 'tools', 'json'],
      embedding: 'embed-v4.0',
    }),
  ];
  return offers.length > 0 ? offers : [local];
}

const local: Offer = {
  name: 'local',
  entry: { kind: 'local' },
  standard: localChatModel,
  advanced: localChatModel,
  can: ['chat'],
};

const openAi = (settings: Settings): ProviderEntry => ({
  kind: 'openai',
  base: settings.OPENAI_BASE_URL,
  ...ca(settings, 'OPENAI_CA_PATH'),
});

const azure = ({ AZURE_OPENAI_BASE_URL }: Settings): ProviderEntry => ({
  kind: 'azure',
  ...(AZURE_OPENAI_BASE_URL !== undefined && { base: AZURE_OPENAI_BASE_URL }),
});

const gigachat = (settings: Settings): ProviderEntry => ({
  kind: 'gigachat',
  ...ca(settings, 'GIGACHAT_CA_PATH'),
  options: { scope: settings.GIGACHAT_SCOPE },
});

const ca = (settings: Settings, variable: (typeof fileVariables)[number]['name']) =>
  settings[variable] === undefined ? {} : { ca: variable };

/** What embeds for callers: what ingestion embeds with, or else the first provider that can. */
function embeddingOf(
  settings: Settings,
  offers: readonly Offer[],
): { provider: string; entry: ProviderEntry; model: string } {
  const [endpoint] = embeddingEndpoints(settings);
  const isLocal = settings.AI_EMBEDDING_MODEL === 'local';
  if (endpoint && !isLocal) {
    const { baseUrl, apiKey, caPath } = endpoint;
    const own = settings.AI_EMBEDDING_CA_PATH === undefined ? 'OPENAI_CA_PATH' : 'AI_EMBEDDING_CA_PATH';
    const isAnswering = baseUrl === settings.OPENAI_BASE_URL && apiKey === settings.OPENAI_API_KEY;
    if (isAnswering) return { provider: 'openai', entry: openAi(settings), model: settings.AI_EMBEDDING_MODEL };
    const env = settings.AI_EMBEDDING_API_KEY ? AI_EMBEDDING_API_KEY.name : 'OPENAI_API_KEY';
    const entry: ProviderEntry = {
      kind: 'openai',
      base: baseUrl,
      ...(caPath !== undefined && { ca: own }),
      ...(apiKey !== undefined && { keys: [{ env }] }),
    };
    return { provider: 'embedding', entry, model: settings.AI_EMBEDDING_MODEL };
  }
  const offer = isLocal ? undefined : offers.find(({ embedding }) => embedding !== undefined);
  if (offer) return { provider: offer.name, entry: offer.entry, model: offer.embedding as string };
  return { provider: 'local', entry: { kind: 'local' }, model: localEmbeddingModel };
}
