import { createVectorStore, type VectorStore } from '../../capabilities/vectors/index.ts';
import type { Boot } from '../boot.ts';

export async function vectors(boot: Boot): Promise<VectorStore> {
  const settings = boot.environment(
    'QDRANT_URL',
    'QDRANT_API_KEY',
    'VECTOR_DIR',
    'AI_EMBEDDING_DIMENSIONS',
    'CACHE_PREFIX',
  );
  const made = await createVectorStore({
    qdrantUrl: settings.QDRANT_URL,
    qdrantApiKey: settings.QDRANT_API_KEY,
    qdrantCollection: settings.CACHE_PREFIX,
    directory: settings.VECTOR_DIR,
    dimensions: settings.AI_EMBEDDING_DIMENSIONS,
  });
  boot.onClose(() => made.close());
  return made;
}
