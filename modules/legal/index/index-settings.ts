import { readEnvironment } from '../../../platform/kernel/environment.ts';
import { localEmbeddingModel } from '../../models/providers/local/local-embedding.ts';
import { chunkerName } from '../reading/versions.ts';
import type { IndexSettings } from './generation.ts';

/** The index that this version of the code and the operator's environment ask for. @throws ConfigurationError */
export function indexSettings(source: Record<string, string | undefined>): IndexSettings {
  const settings = readEnvironment(
    ['OPENAI_API_KEY', 'AI_EMBEDDING_MODEL', 'AI_EMBEDDING_DIMENSIONS', 'QDRANT_URL'],
    source,
  );
  return {
    chunker: chunkerName,
    embeddingModel: settings.OPENAI_API_KEY ? settings.AI_EMBEDDING_MODEL : localEmbeddingModel,
    dimensions: settings.AI_EMBEDDING_DIMENSIONS,
    store: settings.QDRANT_URL ? 'qdrant' : 'sqlite',
  };
}
