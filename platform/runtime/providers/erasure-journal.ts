import { openErasureJournal, storageVariables } from '../../capabilities/storage/open-storage.ts';
import { defineProvider } from '../boot.ts';
import { outboundPlaces } from './outbound-places.ts';

export const erasureJournal = defineProvider(storageVariables, async (boot, settings) =>
  openErasureJournal(settings, await boot.use(outboundPlaces)),
);
