import { notAllowed, notOutbound } from '../../platform/capabilities/outbound/not-outbound.ts';
import type { Source } from '../../platform/kernel/composition.ts';
import { together, type Variable } from '../../platform/kernel/environment.ts';
import { checkImageSettings } from './images/check-settings.ts';
import type { ProviderKind } from './providers/adapter.ts';
import { kindRules } from './providers/kinds.ts';
import {
  AI_EMBEDDING_BASE_URL,
  ANTHROPIC_API_KEY,
  AZURE_OPENAI_API_KEY,
  AZURE_OPENAI_BASE_URL,
  COHERE_API_KEY,
  GIGACHAT_KEY,
  OPENAI_BASE_URL,
  YANDEX_API_KEY,
  YANDEX_FOLDER,
} from './variables.ts';

/** Keys of providers whose address is known. */
const keyedKinds: [Variable, ProviderKind][] = [
  [ANTHROPIC_API_KEY, 'anthropic'],
  [GIGACHAT_KEY, 'gigachat'],
  [YANDEX_API_KEY, 'yandex'],
  [COHERE_API_KEY, 'cohere'],
];

/** What the settings of models ask of each other: a line for each mistake. */
export const checkModelSettings = (source: Source): string[] => [
  ...(source.OPENAI_API_KEY || source.AI_EMBEDDING_API_KEY ? notOutbound(OPENAI_BASE_URL, source) : []),
  ...notOutbound(AI_EMBEDDING_BASE_URL, source),
  ...notOutbound(AZURE_OPENAI_BASE_URL, source),
  ...together([AZURE_OPENAI_API_KEY, AZURE_OPENAI_BASE_URL], source),
  ...together([YANDEX_API_KEY, YANDEX_FOLDER], source),
  ...keyedKinds.flatMap(([key, kind]) =>
    source[key.name] ? serversOf(kind).flatMap((server) => notAllowed(server, `which ${key.name} is for`, source)) : [],
  ),
  ...checkImageSettings(source),
];

const serversOf = (kind: ProviderKind): string[] => {
  const { defaultBaseUrl, otherUrls = {} } = kindRules[kind];
  return [...(defaultBaseUrl === undefined ? [] : [defaultBaseUrl]), ...Object.values(otherUrls)];
};
