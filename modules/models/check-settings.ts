import { notOutbound } from '../../platform/capabilities/outbound/not-outbound.ts';
import type { Source } from '../../platform/kernel/composition.ts';
import { AI_EMBEDDING_BASE_URL, OPENAI_BASE_URL } from './variables.ts';

/** What the settings of models ask of each other: a line for each mistake. */
export const checkModelSettings = (source: Source): string[] => [
  ...(source.OPENAI_API_KEY || source.AI_EMBEDDING_API_KEY ? notOutbound(OPENAI_BASE_URL, source) : []),
  ...notOutbound(AI_EMBEDDING_BASE_URL, source),
];
