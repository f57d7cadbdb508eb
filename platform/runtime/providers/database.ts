import { createDatabase } from '../../../db/client.ts';
import { DATABASE_URL } from '../../kernel/variables.ts';
import { defineProvider } from '../boot.ts';
import { required } from './required.ts';

export const database = defineProvider([DATABASE_URL], (boot, { DATABASE_URL }) => {
  const made = createDatabase({ url: required('DATABASE_URL', DATABASE_URL), applicationName: `pandect ${boot.name}` });
  // Connecting takes long, so it begins while everything else is still being made; who asks first waits for its end.
  let first: Promise<void> | undefined = made.check();
  first.catch(() => {});
  boot.onReady(() => {
    const check = first ?? made.check();
    first = undefined;
    return check;
  });
  boot.onClose(() => made.close());
  return made;
});
