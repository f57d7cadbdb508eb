import { z } from 'zod';
import type { Database } from '../../../db/client.ts';
import { findAccount } from '../../../modules/people/administration/account.ts';
import {
  createAdministrator,
  listAdministrators,
  removeAdministrator,
} from '../../../modules/people/administration/administrators.ts';
import { changeTier } from '../../../modules/people/administration/change-tier.ts';
import { confirmAccount } from '../../../modules/people/administration/confirm-account.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const ofEmail = z.strictObject({ email: z.string() });
const ofTier = z.strictObject({ email: z.string(), tier: z.string() });
const ofConfirmation = z.strictObject({ email: z.string(), account: z.string(), newPassword: z.boolean() });
const ofAdministrator = z.strictObject({
  email: z.string(),
  account: z.string().nullable().optional(),
  unconfirmed: z.boolean().optional(),
});

/** `pandect admin` */
export function administration(router: Router, { database }: { database: Database }): void {
  router.get('/operator/admin/administrators', async (c) => c.json(await listAdministrators(database)));
  router.post('/operator/admin/account', async (c) => {
    const { email } = await readBody(c, ofEmail);
    return c.json(await findAccount(database, email));
  });
  router.post('/operator/admin/confirm', async (c) =>
    c.json(await confirmAccount(database, await readBody(c, ofConfirmation))),
  );
  router.post('/operator/admin/create', async (c) =>
    c.json(await createAdministrator(database, await readBody(c, ofAdministrator))),
  );
  router.post('/operator/admin/remove', async (c) => {
    const { email } = await readBody(c, ofEmail);
    return c.json(await removeAdministrator(database, email));
  });
  router.post('/operator/admin/tier', async (c) => {
    const { email, tier } = await readBody(c, ofTier);
    return c.json(await changeTier(database, email, tier));
  });
}
