import type { Boot } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { notifications } from '../../../platform/runtime/providers/notifications.ts';
import { createFileIssuer } from '../identity/file-issuer.ts';
import { type Accounts, createAccounts } from './index.ts';

export async function accounts(boot: Boot): Promise<Accounts> {
  const settings = boot.environment('JWT_PRIVATE_KEY_PATH', 'ACCESS_TOKEN_EXPIRE_MINUTES', 'REFRESH_TOKEN_EXPIRE_DAYS');
  const tokens = await createFileIssuer(settings.JWT_PRIVATE_KEY_PATH, settings.ACCESS_TOKEN_EXPIRE_MINUTES * 60);
  return createAccounts({
    database: await boot.use(database),
    tokens,
    notifications: await boot.use(notifications),
    refreshDays: settings.REFRESH_TOKEN_EXPIRE_DAYS,
  });
}
