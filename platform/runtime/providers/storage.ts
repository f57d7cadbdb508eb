import { createLocalStorage, type FileStorage } from '../../capabilities/storage/index.ts';
import { UPLOAD_DIR } from '../../kernel/variables.ts';
import { defineProvider } from '../boot.ts';

export const storage = defineProvider([UPLOAD_DIR], (_, { UPLOAD_DIR }): Promise<FileStorage> | FileStorage =>
  createLocalStorage({ directory: UPLOAD_DIR }),
);
