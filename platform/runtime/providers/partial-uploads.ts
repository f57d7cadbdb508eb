import { createPartialUploads, type PartialUploads } from '../../capabilities/storage/index.ts';
import type { Boot } from '../boot.ts';

export const partialUploads = (boot: Boot): PartialUploads =>
  createPartialUploads({ directory: boot.environment('UPLOAD_DIR').UPLOAD_DIR });
