import { defineProvider } from '../../../platform/runtime/boot.ts';
import { IMAGE_PROVIDERS, RUNPOD_ENDPOINT } from '../variables.ts';
import { createImageCatalogue, type ImageCatalogue } from './catalogue.ts';

/** What people can choose, without the keys of those who make it. */
export const imageCatalogue = defineProvider(
  [IMAGE_PROVIDERS, RUNPOD_ENDPOINT],
  (_, settings): ImageCatalogue => createImageCatalogue(settings.IMAGE_PROVIDERS, settings.RUNPOD_ENDPOINT),
);
