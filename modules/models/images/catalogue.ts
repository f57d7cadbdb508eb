import type { ImageProviderName } from './provider-names.ts';
import { isOfferedSize, type Size, type SizeRule } from './sizes.ts';

/** A model of pictures that people can choose. */
export interface OfferedModel {
  /** As people name it. */
  name: string;
  provider: ImageProviderName;
  /** As its provider names it; `model` of an `ImageTask`. */
  endpoint: string;
  sizes: SizeRule;
  /** Size of a picture when none is asked for. */
  defaultSize: Size;
  /** Pictures of one task at most. */
  maxCount: number;
  maxPromptCharacters: number;
  unitsPerPicture: number;
  /** Usual time from start to end, as an estimate until tasks were measured. */
  usualSeconds: number;
  /** Longest time from submit to end, the provider's own queue included. */
  timeoutSeconds: number;
}

const square = { width: 1024, height: 1024 };
const TIMEOUT_SECONDS = 600;
/** OpenAI makes up to ten, which all come in base64 and would stand in memory together. */
const MOST_IN_ONE_ANSWER = 4;

/**
 * Sizes of fal's own pipelines: https://fal.ai/docs/documentation/model-apis/model-arguments. Its other models name ratios in place of
 * pixels, so they cannot be added with this rule.
 */
const falSizes: SizeRule = {
  multipleOf: 16,
  minSide: 256,
  maxSide: 1536,
  maxPixels: 1536 * 1536,
  maxRatio: 4,
};

/** https://developers.openai.com/api/docs/guides/image-generation */
const openAiStandard: SizeRule = { sizes: [square, { width: 1536, height: 1024 }, { width: 1024, height: 1536 }] };
/** Sizes above 2560 × 1440 are experimental there. */
const openAiFree: SizeRule = { multipleOf: 16, minSide: 512, maxSide: 2560, maxPixels: 2560 * 1440, maxRatio: 3 };

const models: readonly OfferedModel[] = [
  {
    name: 'local',
    provider: 'local',
    endpoint: 'local',
    sizes: { multipleOf: 8, minSide: 64, maxSide: 2048, maxPixels: 2048 * 2048, maxRatio: 4 },
    defaultSize: square,
    maxCount: 4,
    maxPromptCharacters: 4_000,
    unitsPerPicture: 1,
    usualSeconds: 5,
    timeoutSeconds: TIMEOUT_SECONDS,
  },
  {
    name: 'flux-schnell',
    provider: 'fal',
    endpoint: 'fal-ai/flux/schnell',
    sizes: falSizes,
    defaultSize: square,
    maxCount: 4,
    maxPromptCharacters: 4_000,
    unitsPerPicture: 1,
    usualSeconds: 10,
    timeoutSeconds: TIMEOUT_SECONDS,
  },
  {
    name: 'flux-dev',
    provider: 'fal',
    endpoint: 'fal-ai/flux/dev',
    sizes: falSizes,
    defaultSize: square,
    maxCount: 4,
    maxPromptCharacters: 4_000,
    unitsPerPicture: 2,
    usualSeconds: 30,
    timeoutSeconds: TIMEOUT_SECONDS,
  },
  {
    // The endpoint is the operator's own; its workers take what https://github.com/runpod-workers/worker-sdxl takes.
    name: 'runpod',
    provider: 'runpod',
    endpoint: '',
    sizes: { multipleOf: 8, minSide: 512, maxSide: 1536, maxPixels: 1536 * 1024, maxRatio: 3 },
    defaultSize: square,
    maxCount: 2,
    maxPromptCharacters: 4_000,
    unitsPerPicture: 1,
    usualSeconds: 60,
    timeoutSeconds: TIMEOUT_SECONDS,
  },
  {
    name: 'gpt-image-mini',
    provider: 'openai',
    endpoint: 'gpt-image-1-mini',
    sizes: openAiStandard,
    defaultSize: square,
    maxCount: MOST_IN_ONE_ANSWER,
    maxPromptCharacters: 32_000,
    unitsPerPicture: 1,
    usualSeconds: 40,
    timeoutSeconds: TIMEOUT_SECONDS,
  },
  {
    name: 'gpt-image',
    provider: 'openai',
    endpoint: 'gpt-image-2',
    sizes: openAiFree,
    defaultSize: square,
    maxCount: MOST_IN_ONE_ANSWER,
    maxPromptCharacters: 32_000,
    unitsPerPicture: 4,
    usualSeconds: 90,
    timeoutSeconds: TIMEOUT_SECONDS,
  },
];

export interface ImageCatalogue {
  /** Of the enabled providers, in their order; the first is the default. */
  models(): readonly OfferedModel[];
  find(name: string): OfferedModel | undefined;
}

/** @param runpodEndpoint id of the endpoint behind the model `runpod` */
export function createImageCatalogue(
  enabled: readonly ImageProviderName[],
  runpodEndpoint: string | undefined,
): ImageCatalogue {
  const offered = enabled.flatMap((provider) =>
    models
      .filter((model) => model.provider === provider)
      .map((model) => (provider === 'runpod' ? { ...model, endpoint: runpodEndpoint ?? '' } : model)),
  );
  return { models: () => offered, find: (name) => offered.find((model) => model.name === name) };
}

/** What of a task the model does not make; undefined when it makes it. */
export function misfitOf(
  model: OfferedModel,
  asked: Size & { count: number; prompt: string },
): 'size' | 'count' | 'prompt' | undefined {
  if (!isOfferedSize(model.sizes, asked)) return 'size';
  if (!Number.isInteger(asked.count) || asked.count < 1 || asked.count > model.maxCount) return 'count';
  return Array.from(asked.prompt).length > model.maxPromptCharacters ? 'prompt' : undefined;
}
