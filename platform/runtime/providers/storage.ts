import { openStorage, storageVariables } from '../../capabilities/storage/open-storage.ts';
import { defineProvider } from '../boot.ts';

export const storage = defineProvider(storageVariables, (_, settings) => openStorage(settings));
