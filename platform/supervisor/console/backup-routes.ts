import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { readBackupState } from '../../backup/state.ts';
import { readBody } from '../../runtime/http/read-body.ts';
import type { Changes } from './changes.ts';
import type { ConsolePlatform } from './create-console.ts';
import { backupHealth } from './overview.ts';

/** The target is not asked again within this time. */
const FRESH_MS = 30_000;

/** Backups, of which one can be made now. Settings and passphrases of the target are not told. */
export function backupRoutes(
  { backups, home, settings }: Pick<ConsolePlatform, 'backups' | 'home' | 'settings'>,
  changes: Changes,
): Hono {
  const app = new Hono();
  let known: { at: number; listed: Promise<unknown> } | undefined;
  const list = () => {
    if (!known || Date.now() - known.at > FRESH_MS) known = { at: Date.now(), listed: backups.list() };
    return known.listed;
  };
  app.get('/backups', async (c) => {
    const target = settings.source.BACKUP_TO;
    const state = await readBackupState(home);
    const listed = target
      ? await list().then(
          (found) => ({ listed: found, failure: null }),
          (error: Error) => ({ listed: null, failure: error.message }),
        )
      : { listed: null, failure: null };
    const { newest, failure, verified, drill, walArchivedAt } = state;
    return c.json({
      ...backupHealth(state, target),
      ...{ newest: newest ?? null, lastFailure: failure ?? null, verified: verified ?? null, drill: drill ?? null },
      ...{ logUntil: walArchivedAt ?? null, isBusy: backups.isBusy(), ...listed },
    });
  });
  app.post('/backups', async (c) => {
    const { by } = await readBody(c, z.strictObject({ by: z.string().min(1).max(254) }));
    if (!settings.source.BACKUP_TO) throw new HTTPException(409, { message: 'Make backup: BACKUP_TO is not set' });
    const begun = backups.isBusy()
      ? undefined
      : changes.begin({ unit: '', action: 'backup', by }, async (report) => {
          await backups.create((message) => report({ unit: '', step: 'start', message }));
          known = undefined;
          report({ unit: '', step: 'done', message: 'the backup is complete' });
          return true;
        });
    if (begun) return c.json(begun, 202);
    throw new HTTPException(409, { message: 'Make backup: one is being made or read back' });
  });
  return app;
}
