import { defineProvider } from '../../../platform/runtime/boot.ts';
import type { ImageModel } from '../image-model.ts';
import { IMAGE_LOCAL_SECONDS, IMAGE_LOCAL_STEPS, IMAGE_PROVIDERS, RUNPOD_ENDPOINT } from '../variables.ts';
import { createImageCatalogue, type ImageCatalogue } from './catalogue.ts';
import { createLocalModel } from './local/local-model.ts';
import type { ImageProviderName } from './provider-names.ts';

/** What people can choose, without the keys of those who make it. */
export const imageCatalogue = defineProvider(
  [IMAGE_PROVIDERS, RUNPOD_ENDPOINT],
  (_, settings): ImageCatalogue => createImageCatalogue(settings.IMAGE_PROVIDERS, settings.RUNPOD_ENDPOINT),
);

export interface ImageModels extends ImageCatalogue {
  /**
   * Follows tasks of a provider as well that is enabled no longer, as long as its settings are there.
   * @throws Error when its settings are missing
   */
  modelOf(provider: ImageProviderName): ImageModel;
}

/** The models and who makes their pictures, for the process that calls providers. */
export const imageModels = defineProvider(
  [IMAGE_PROVIDERS, RUNPOD_ENDPOINT, IMAGE_LOCAL_SECONDS, IMAGE_LOCAL_STEPS],
  (_, settings): ImageModels => {
    const made = new Map<ImageProviderName, ImageModel>();
    const create = (provider: ImageProviderName): ImageModel => {
      if (provider !== 'local') throw new Error(`Open image provider "${provider}": it has no settings`);
      return createLocalModel({ seconds: settings.IMAGE_LOCAL_SECONDS, steps: settings.IMAGE_LOCAL_STEPS });
    };
    return {
      ...createImageCatalogue(settings.IMAGE_PROVIDERS, settings.RUNPOD_ENDPOINT),
      modelOf(provider) {
        let model = made.get(provider);
        if (!model) {
          model = create(provider);
          made.set(provider, model);
        }
        return model;
      },
    };
  },
);
