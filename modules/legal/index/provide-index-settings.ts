import type { Boot } from '../../../platform/runtime/boot.ts';
import { embeddingSettings } from '../../models/embedding/provide-embedder.ts';
import { chunkerName } from '../reading/versions.ts';
import type { IndexSettings } from './generation.ts';
import { storeKind } from './provide-store-kind.ts';

/** The index that this version of the code and the operator's environment ask for. */
export async function indexSettings(boot: Boot): Promise<IndexSettings> {
  const made = await boot.useAll({ embeddingSettings, storeKind });
  const { id, dimensions } = made.embeddingSettings.configured;
  return { chunker: chunkerName, embeddingModel: id, dimensions, store: made.storeKind };
}
