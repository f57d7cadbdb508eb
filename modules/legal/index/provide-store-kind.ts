import { ConfigurationError } from '../../../platform/kernel/environment.ts';
import { PANDECT_HOSTS } from '../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import { QDRANT_URL } from '../variables.ts';
import type { IndexSettings } from './generation.ts';

const missingQdrant = (hosts: number) =>
  `QDRANT_URL: missing: must be set with PANDECT_HOSTS=${hosts}, as SQLite keeps vectors on one host`;

/** Which store of vectors the settings ask for. @throws ConfigurationError for one that only one host would have, where there are several */
export const storeKind = defineProvider(
  [QDRANT_URL, PANDECT_HOSTS],
  (_, { QDRANT_URL, PANDECT_HOSTS }): IndexSettings['store'] => {
    if (QDRANT_URL) return 'qdrant';
    if (PANDECT_HOSTS > 1) throw new ConfigurationError([missingQdrant(PANDECT_HOSTS)]);
    return 'sqlite';
  },
);
