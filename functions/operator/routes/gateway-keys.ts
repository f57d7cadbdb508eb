import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../../../db/client.ts';
import type { RefusedCalls, RefusedCount } from '../../../modules/models/upstream/refused-calls.ts';
import { revokeKey } from '../../../modules/people/administration/revoke-key.ts';
import { Refused } from '../../../platform/kernel/refused.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { findKey, type GatewayKey, keyColumns, toKey, useOfKey } from '../key-rows.ts';

const ofList = z.strictObject({ organization: z.uuid().optional(), limit: z.int().min(1).max(1_000) });
const ofOne = z.strictObject({ id: z.uuid() });
const ofRevocation = ofOne.extend({ reason: z.string().trim().min(1).max(500) });

const none: RefusedCount = { today: 0, yesterday: 0 };

interface KeysDeps {
  database: Database;
  refusedCalls: RefusedCalls;
}

/** `pandect gateway keys` and what the console does with one: keys that may call models. The secret is stored nowhere. */
export function gatewayKeys(router: Router, { database, refusedCalls }: KeysDeps): void {
  router.post('/operator/gateway/keys', async (c) => {
    const keys = await listKeys(database, await readBody(c, ofList));
    const refused = await refusedCalls.count(keys.map(({ id }) => id));
    return c.json(keys.map((key) => ({ ...key, refused: refused.get(key.id) ?? none })));
  });
  router.post('/operator/gateway/keys/show', async (c) => {
    const { id } = await readBody(c, ofOne);
    const refused = await refusedCalls.count([id]);
    const key = await database.transaction(async (tx) => {
      const found = await findKey(tx, id);
      if (!found) throw new Refused('missing', `Show key "${id}": there is none`);
      return { ...found, use: await useOfKey(tx, found) };
    });
    return c.json({ ...key, refused: refused.get(id) ?? none });
  });
  router.post('/operator/gateway/keys/revoke', async (c) =>
    c.json(await revokeKey(database, await readBody(c, ofRevocation))),
  );
}

/** Those that work, the last used first. */
async function listKeys(
  database: Pick<Database, 'transaction'>,
  { organization, limit }: z.output<typeof ofList>,
): Promise<GatewayKey[]> {
  const meant = organization === undefined ? sql`true` : sql`k.organization_id = ${organization}`;
  const rows = await database.transaction((tx) =>
    tx.execute<GatewayKey>(sql`
      select ${keyColumns} from api_keys k join organizations o on o.id = k.organization_id
      where ${meant} and 'gateway' = any(k.scopes) and k.revoked_at is null and k.replaced_by is null
        and (k.expires_at is null or k.expires_at > now())
      order by k.last_used_at desc nulls last, k.id limit ${limit}`),
  );
  return [...rows].map(toKey);
}
