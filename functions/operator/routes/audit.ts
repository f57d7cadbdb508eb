import { asc, eq, gt } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { type ActFilter, type ActRow, readActs } from '../../../modules/people/audit/read-acts.ts';
import { actFormats, streamActs } from '../../../modules/people/audit/write-acts.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { Refused } from '../../../platform/kernel/refused.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const wanted = z.strictObject({
  organization: z.uuid().optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  format: z.enum(actFormats),
});

/** `pandect audit` */
export function audit(router: Router, { database }: { database: Database }): void {
  router.post('/operator/audit/export', async (c) => {
    const { organization, from, to, format } = await readBody(c, wanted);
    if (organization !== undefined) await recordExport(database, organization);
    const filter = { from: from ? new Date(from) : undefined, to: to ? new Date(to) : undefined };
    const pages = organization === undefined ? everyAct(database, filter) : actsOf(database, organization, filter);
    return c.body(streamActs(pages, format));
  });
}

/** @throws Refused for an organization that does not exist */
const recordExport = (database: Database, organizationId: string): Promise<void> =>
  database.transaction(async (tx) => {
    if ((await tx.$count(organizations, eq(organizations.id, organizationId))) === 0) {
      throw new Refused('missing', `Export audit log of "${organizationId}": no such organization`);
    }
    await recordAct(tx, { organizationId, actor: 'operator', action: 'export-audit', target: organizationId });
  });

const actsOf = (database: Database, organizationId: string, filter: ActFilter): AsyncGenerator<ActRow[]> =>
  readActs((read) => database.transaction(read), organizationId, filter);

const ORGANIZATIONS = 500;

/** One organization after the other, as the index has them. */
async function* everyAct(database: Database, filter: ActFilter): AsyncGenerator<ActRow[]> {
  for (let last: string | undefined; ; ) {
    const after = last === undefined ? undefined : gt(organizations.id, last);
    const rows = await database.transaction((tx) =>
      tx
        .select({ id: organizations.id })
        .from(organizations)
        .where(after)
        .orderBy(asc(organizations.id))
        .limit(ORGANIZATIONS),
    );
    for (const { id } of rows) yield* actsOf(database, id, filter);
    if (rows.length < ORGANIZATIONS) return;
    last = rows.at(-1)?.id;
  }
}
