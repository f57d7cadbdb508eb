import { defineProvider } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { notifications } from '../../../platform/runtime/providers/notifications.ts';
import { queue } from '../../../platform/runtime/providers/queue.ts';
import { storage } from '../../../platform/runtime/providers/storage.ts';
import { imageCallbacks } from '../../models/images/provide-callbacks.ts';
import { imageCatalogue } from '../../models/images/provide-catalogue.ts';
import { IMAGE_TIMEOUT_SECONDS, IMAGE_WAIT_SECONDS } from '../variables.ts';
import type { Generations } from './contract.ts';
import type { GenerationTimes } from './create.ts';
import { createGenerations } from './create-generations.ts';

export const generationTimes = defineProvider(
  [IMAGE_WAIT_SECONDS, IMAGE_TIMEOUT_SECONDS],
  (_, settings): GenerationTimes => ({
    waitSeconds: settings.IMAGE_WAIT_SECONDS,
    timeoutSeconds: settings.IMAGE_TIMEOUT_SECONDS,
  }),
);

export const generations = defineProvider([], async (boot): Promise<Generations> => {
  const services = { database, queue, notifications, storage };
  const models = { catalogue: imageCatalogue, models: imageCallbacks };
  return createGenerations(await boot.useAll({ ...services, ...models, times: generationTimes }));
});
