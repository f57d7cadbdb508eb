import { ConfigurationError } from '../../../platform/kernel/environment.ts';
import { PANDECT_HOSTS } from '../../../platform/kernel/variables.ts';
import { type Boot, defineProvider } from '../../../platform/runtime/boot.ts';
import { embeddingSettings } from '../../models/embedding/provide-embedder.ts';
import { chunkerName } from '../reading/versions.ts';
import { QDRANT_URL } from '../variables.ts';
import type { IndexSettings } from './generation.ts';

const missingQdrant = (hosts: number) =>
  `QDRANT_URL: missing: must be set with PANDECT_HOSTS=${hosts}, as SQLite keeps vectors on one host`;

/** Which store of vectors the settings ask for. @throws ConfigurationError for one that only one host would have, where there are several */
export const store = defineProvider(
  [QDRANT_URL, PANDECT_HOSTS],
  (_, { QDRANT_URL, PANDECT_HOSTS }): IndexSettings['store'] => {
    if (QDRANT_URL) return 'qdrant';
    if (PANDECT_HOSTS > 1) throw new ConfigurationError([missingQdrant(PANDECT_HOSTS)]);
    return 'sqlite';
  },
);

/** The index that this version of the code and the operator's environment ask for. */
export async function indexSettings(boot: Boot): Promise<IndexSettings> {
  const made = await boot.useAll({ embeddingSettings, store });
  const { id, dimensions } = made.embeddingSettings.configured;
  return { chunker: chunkerName, embeddingModel: id, dimensions, store: made.store };
}
