import { readFileSync } from 'node:fs';
import type { Places } from '../../../platform/capabilities/outbound/places.ts';
import type { Environment } from '../../../platform/kernel/environment.ts';
import { OUTBOUND_INTERNAL_HOSTS, OUTBOUND_WHITELIST } from '../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import { outboundPlaces } from '../../../platform/runtime/providers/outbound-places.ts';
import type { ImageModel } from '../image-model.ts';
import {
  FAL_BASE_URL,
  FAL_JWKS_URL,
  FAL_KEY,
  IMAGE_LOCAL_SECONDS,
  IMAGE_LOCAL_STEPS,
  IMAGE_PROVIDERS,
  OPENAI_API_KEY,
  OPENAI_BASE_URL,
  OPENAI_CA_PATH,
  RUNPOD_API_KEY,
  RUNPOD_BASE_URL,
  RUNPOD_ENDPOINT,
  RUNPOD_FILE_HOSTS,
} from '../variables.ts';
import { createImageCatalogue, type ImageCatalogue } from './catalogue.ts';
import { createFalModel } from './fal/fal-model.ts';
import { createLocalModel } from './local/local-model.ts';
import { createOpenAiImageModel } from './openai/openai-image-model.ts';
import type { ImageProviderName } from './provider-names.ts';
import { createRunpodModel } from './runpod/runpod-model.ts';

const variables = [
  IMAGE_PROVIDERS,
  IMAGE_LOCAL_SECONDS,
  IMAGE_LOCAL_STEPS,
  FAL_KEY,
  FAL_BASE_URL,
  FAL_JWKS_URL,
  RUNPOD_API_KEY,
  RUNPOD_BASE_URL,
  RUNPOD_ENDPOINT,
  RUNPOD_FILE_HOSTS,
  OPENAI_API_KEY,
  OPENAI_BASE_URL,
  OPENAI_CA_PATH,
  OUTBOUND_WHITELIST,
  OUTBOUND_INTERNAL_HOSTS,
];
type Settings = Environment<(typeof variables)[number]>;

export interface ImageModels extends ImageCatalogue {
  /**
   * Follows tasks of a provider as well that is enabled no longer, as long as its settings are there.
   * @throws Error when its key is missing, or its host is not allowed
   */
  modelOf(provider: ImageProviderName): ImageModel;
}

/** The models and who makes their pictures, for the process that calls providers. */
export const imageModels = defineProvider(variables, async (boot, settings): Promise<ImageModels> => {
  const places = await boot.use(outboundPlaces);
  const made = new Map<ImageProviderName, ImageModel>();
  return {
    ...createImageCatalogue(settings.IMAGE_PROVIDERS, settings.RUNPOD_ENDPOINT),
    modelOf(provider) {
      let model = made.get(provider);
      if (!model) {
        model = createModel(provider, settings, places);
        made.set(provider, model);
      }
      return model;
    },
  };
});

function createModel(provider: ImageProviderName, settings: Settings, places: Places): ImageModel {
  const { OUTBOUND_WHITELIST: allowedHosts, OUTBOUND_INTERNAL_HOSTS: internalHosts } = settings;
  const outbound = { allowedHosts, internalHosts, places };
  switch (provider) {
    case 'local':
      return createLocalModel({ seconds: settings.IMAGE_LOCAL_SECONDS, steps: settings.IMAGE_LOCAL_STEPS });
    case 'fal':
      return createFalModel({
        ...{ apiKey: needed(FAL_KEY.name, settings.FAL_KEY), baseUrl: settings.FAL_BASE_URL },
        ...{ jwksUrl: settings.FAL_JWKS_URL, ...outbound },
      });
    case 'runpod':
      return createRunpodModel({
        ...{ apiKey: needed(RUNPOD_API_KEY.name, settings.RUNPOD_API_KEY), baseUrl: settings.RUNPOD_BASE_URL },
        ...{ fileHosts: settings.RUNPOD_FILE_HOSTS, ...outbound },
      });
    case 'openai':
      return createOpenAiImageModel({
        ...{ apiKey: needed(OPENAI_API_KEY.name, settings.OPENAI_API_KEY), baseUrl: settings.OPENAI_BASE_URL },
        ...outbound,
        ca: settings.OPENAI_CA_PATH === undefined ? undefined : readFileSync(settings.OPENAI_CA_PATH, 'utf8'),
      });
  }
}

function needed(name: string, value: string | undefined): string {
  if (!value) throw new Error(`Open image provider: ${name} is missing`);
  return value;
}
