import { createDatabase } from '../../../db/client.ts';
import {
  DATABASE_ACQUIRE_SECONDS,
  DATABASE_LIFETIME_MINUTES,
  DATABASE_POOL,
  DATABASE_URL,
} from '../../kernel/variables.ts';
import { defineProvider } from '../boot.ts';
import { required } from './required.ts';

export const database = defineProvider(
  [DATABASE_URL, DATABASE_POOL, DATABASE_ACQUIRE_SECONDS, DATABASE_LIFETIME_MINUTES],
  (boot, settings) => {
    const made = createDatabase({
      url: required('DATABASE_URL', settings.DATABASE_URL),
      applicationName: `pandect ${boot.name}`,
      connections: settings.DATABASE_POOL,
      acquireMs: settings.DATABASE_ACQUIRE_SECONDS * 1000,
      lifetimeSeconds: settings.DATABASE_LIFETIME_MINUTES * 60,
    });
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
  },
);
