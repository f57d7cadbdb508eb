import { openPartialUploads, partialUploadsVariables } from '../../capabilities/storage/open-storage.ts';
import { defineProvider } from '../boot.ts';
import { outboundPlaces } from './outbound-places.ts';

export const partialUploads = defineProvider(partialUploadsVariables, async (boot, settings) =>
  openPartialUploads(settings, await boot.use(outboundPlaces)),
);
