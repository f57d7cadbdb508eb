import { Hono } from 'hono';
import { z } from 'zod';
import { asOperator, holdAccount, showAccount } from './account.ts';
import { createAdministrator, listAdministrators, removeAdministrator } from './administrators.ts';
import { changeTier } from './change-tier.ts';
import { confirmAccount } from './confirm-account.ts';
import { readBody } from './read-body.ts';

const ofEmail = z.strictObject({ email: z.string() });
const ofTier = z.strictObject({ email: z.string(), tier: z.string() });
const ofConfirmation = z.strictObject({ email: z.string(), account: z.string(), newPassword: z.boolean() });
const ofAdministrator = z.strictObject({
  email: z.string(),
  account: z.string().nullable().optional(),
  unconfirmed: z.boolean().optional(),
});

/** What an operator does to accounts and organizations. */
export function adminRoutes(databaseUrl: string): Hono {
  const app = new Hono();
  app.post('/tier', async (c) => {
    const { email, tier } = await readBody(c, ofTier);
    return c.json(await changeTier(databaseUrl, email, tier));
  });
  app.post('/account', async (c) => {
    const { email } = await readBody(c, ofEmail);
    const shown = await asOperator(databaseUrl, async (tx) => {
      const user = await holdAccount(tx, email);
      return user ? showAccount(tx, user) : null;
    });
    return c.json(shown);
  });
  app.post('/confirm', async (c) => c.json(await confirmAccount(databaseUrl, await readBody(c, ofConfirmation))));
  app.post('/create', async (c) => c.json(await createAdministrator(databaseUrl, await readBody(c, ofAdministrator))));
  app.post('/remove', async (c) => {
    const { email } = await readBody(c, ofEmail);
    return c.json(await removeAdministrator(databaseUrl, email));
  });
  app.get('/administrators', async (c) => c.json(await listAdministrators(databaseUrl)));
  return app;
}
