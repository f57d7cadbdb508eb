import { createErasureJournal } from '../../capabilities/storage/erasure-journal.ts';
import { UPLOAD_DIR } from '../../kernel/variables.ts';
import { defineProvider } from '../boot.ts';

export const erasureJournal = defineProvider([UPLOAD_DIR], (_, { UPLOAD_DIR }) =>
  createErasureJournal({ directory: UPLOAD_DIR }),
);
