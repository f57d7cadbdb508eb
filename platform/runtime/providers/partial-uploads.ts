import { openPartialUploads, storageVariables } from '../../capabilities/storage/open-storage.ts';
import { defineProvider } from '../boot.ts';
import { outboundPlaces } from './outbound-places.ts';

export const partialUploads = defineProvider(storageVariables, async (boot, settings) =>
  openPartialUploads(settings, boot.log, await boot.use(outboundPlaces)),
);
