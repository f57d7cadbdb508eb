import type { Provider } from '../providers/adapter.ts';

/** What a model can do; what it cannot is refused or left to the next target. */
export const abilities = [
  'chat',
  'tools',
  'vision',
  'json',
  'embeddings',
  'speech',
  'transcription',
  'images',
  'rerank',
] as const;
export type Ability = (typeof abilities)[number];

/** One model at one provider. */
export interface Target {
  /** As the configuration names it, and a caller that asks for it directly. */
  name: string;
  provider: Provider;
  /** Its name at the provider. */
  model: string;
  can: readonly Ability[];
  /** Name under which its price stands. */
  price: string;
  /** Most tokens of an answer. */
  maxOutput?: number;
}

/** When another target is asked, or the same again. */
export type RepeatOn = 'connect' | 'timeout' | '429' | '5xx' | 'overloaded' | 'context';

/** What callers name as `model`. */
export interface Route {
  name: string;
  strategy: 'order' | 'weighted';
  targets: readonly { target: Target; weight: number }[];
  retry: { attempts: number; budgetMs: number; on: readonly RepeatOn[] };
  /** Leaves out what a target cannot do, instead of refusing. */
  drop: boolean;
  /** Seconds that equal answers are kept; 0 for none. */
  cacheSeconds: number;
}
