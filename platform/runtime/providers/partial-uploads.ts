import { createPartialUploads } from '../../capabilities/storage/index.ts';
import { UPLOAD_DIR } from '../../kernel/variables.ts';
import { defineProvider } from '../boot.ts';

export const partialUploads = defineProvider([UPLOAD_DIR], (_, { UPLOAD_DIR }) =>
  createPartialUploads({ directory: UPLOAD_DIR }),
);
