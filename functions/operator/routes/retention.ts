import { z } from 'zod';
import type { Database } from '../../../db/client.ts';
import { previewRetention } from '../../../modules/legal/retention/preview-retention.ts';
import {
  type Retention,
  retentionKinds,
  retentionVariables,
} from '../../../modules/legal/retention/provide-retention.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

/** Days that are tried in place of those that are set. */
const asked = z.strictObject(
  Object.fromEntries(retentionKinds.map((kind) => [kind, z.int().min(1).max(36_500).optional()])),
);

interface RetentionDeps {
  database: Database;
  retention: Retention;
}

/** `pandect retention` */
export function retention(router: Router, { database, retention: days }: RetentionDeps): void {
  router.get('/operator/retention', (c) =>
    c.json(retentionKinds.map((kind) => ({ kind, variable: retentionVariables[kind], days: days[kind] ?? null }))),
  );
  router.post('/operator/retention/preview', async (c) =>
    c.json(await previewRetention(database, { ...days, ...(await readBody(c, asked)) }, new Date())),
  );
}
