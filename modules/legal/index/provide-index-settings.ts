import { type Boot, defineProvider } from '../../../platform/runtime/boot.ts';
import { embeddingSettings } from '../../models/embedding/provide-embedder.ts';
import { chunkerName } from '../reading/versions.ts';
import { QDRANT_URL } from '../variables.ts';
import type { IndexSettings } from './generation.ts';

const store = defineProvider([QDRANT_URL], (_, { QDRANT_URL }): IndexSettings['store'] =>
  QDRANT_URL ? 'qdrant' : 'sqlite',
);

/** The index that this version of the code and the operator's environment ask for. */
export async function indexSettings(boot: Boot): Promise<IndexSettings> {
  const made = await boot.useAll({ embeddingSettings, store });
  const { id, dimensions } = made.embeddingSettings.configured;
  return { chunker: chunkerName, embeddingModel: id, dimensions, store: made.store };
}
