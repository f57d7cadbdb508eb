import { createQueue } from '../../capabilities/queue/index.ts';
import { DATABASE_URL } from '../../kernel/variables.ts';
import { defineProvider } from '../boot.ts';
import { required } from './required.ts';

export const queue = defineProvider([DATABASE_URL], (boot, { DATABASE_URL }) => {
  const made = createQueue(required('DATABASE_URL', DATABASE_URL));
  boot.onClose(() => made.close());
  return made;
});
