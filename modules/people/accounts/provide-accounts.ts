import { ACCESS_TOKEN_EXPIRE_MINUTES, JWT_PRIVATE_KEY_PATH } from '../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { notifications } from '../../../platform/runtime/providers/notifications.ts';
import { createFileIssuer } from '../identity/file-issuer.ts';
import { REFRESH_TOKEN_EXPIRE_DAYS } from '../variables.ts';
import { createAccounts } from './index.ts';

export const accounts = defineProvider(
  [JWT_PRIVATE_KEY_PATH, ACCESS_TOKEN_EXPIRE_MINUTES, REFRESH_TOKEN_EXPIRE_DAYS],
  async (boot, settings) => {
    const tokens = await createFileIssuer(settings.JWT_PRIVATE_KEY_PATH, settings.ACCESS_TOKEN_EXPIRE_MINUTES * 60);
    return createAccounts({
      database: await boot.use(database),
      tokens,
      notifications: await boot.use(notifications),
      refreshDays: settings.REFRESH_TOKEN_EXPIRE_DAYS,
    });
  },
);
