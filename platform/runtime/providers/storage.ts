import { createLocalStorage, type FileStorage } from '../../capabilities/storage/index.ts';
import type { Boot } from '../boot.ts';

export async function storage(boot: Boot): Promise<FileStorage> {
  return createLocalStorage({ directory: boot.environment('UPLOAD_DIR').UPLOAD_DIR });
}
