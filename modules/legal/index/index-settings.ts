import { readEnvironment } from '../../../platform/kernel/environment.ts';
import { configuredEmbedding, embeddingVariables } from '../../models/embedding-settings.ts';
import { chunkerName } from '../reading/versions.ts';
import { QDRANT_URL } from '../variables.ts';
import type { IndexSettings } from './generation.ts';

/** The index that this version of the code and the operator's environment ask for. @throws ConfigurationError */
export function indexSettings(source: Record<string, string | undefined>): IndexSettings {
  const settings = readEnvironment([...embeddingVariables, QDRANT_URL], source);
  const { id, dimensions } = configuredEmbedding(settings);
  return {
    chunker: chunkerName,
    embeddingModel: id,
    dimensions,
    store: settings.QDRANT_URL ? 'qdrant' : 'sqlite',
  };
}
