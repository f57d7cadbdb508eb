import { type Accounts, createAccounts } from '../../capabilities/accounts/index.ts';
import { createFileIssuer } from '../../capabilities/identity/index.ts';
import type { Boot } from '../boot.ts';
import { database } from './database.ts';
import { notifications } from './notifications.ts';

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
