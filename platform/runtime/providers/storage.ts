import { openStorage, storageVariables } from '../../capabilities/storage/open-storage.ts';
import { defineProvider } from '../boot.ts';
import { outboundPlaces } from './outbound-places.ts';

export const storage = defineProvider(storageVariables, async (boot, settings) =>
  openStorage(settings, await boot.use(outboundPlaces)),
);
