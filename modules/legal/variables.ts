import { z } from 'zod';
import { defineFolder, defineNumber, defineSecret, defineVariable, url } from '../../platform/kernel/environment.ts';

/* Variables of documents, their index and conversations. */

export const QDRANT_URL = defineVariable(
  'QDRANT_URL',
  () => url('http:', 'https:').optional(),
  'Qdrant 1.10 or newer; unset keeps vectors in SQLite',
);

export const QDRANT_API_KEY = defineSecret('QDRANT_API_KEY', () => z.string().optional(), 'Key of the Qdrant server');

export const VECTOR_DIR = defineFolder('VECTOR_DIR', 'vectors', 'Folder of the SQLite vector store');

export const PARSERS_AT_ONCE = defineNumber(
  'PARSERS_AT_ONCE',
  [1, 16],
  3,
  'Documents that one process of ingest reads at the same time, each in up to 768 MiB',
);

export const BACKUP_GRACE_DAYS = defineNumber(
  'BACKUP_GRACE_DAYS',
  [0, 365],
  7,
  'Days for which the files of deleted documents are kept, so that a restored database finds them; not below the age of the oldest backup that may be restored',
);

export const CONVERSATION_RETENTION_DAYS = defineNumber(
  'CONVERSATION_RETENTION_DAYS',
  [1, 36_500],
  undefined,
  'Days that conversations are kept after their last question; unset keeps all',
);

export const REPLACED_RETENTION_DAYS = defineNumber(
  'REPLACED_RETENTION_DAYS',
  [1, 36_500],
  undefined,
  'Days that versions of documents are kept after a newer one replaced them, with file and text; unset keeps all',
);
