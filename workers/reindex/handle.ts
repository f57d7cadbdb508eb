import { z } from 'zod';
import { advanceJob, indexOrganizationJob } from '../../modules/legal/index/index.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';
import { advance } from './advance.ts';
import { indexOrganization } from './index-organization.ts';
import type { ReindexDeps } from './reindex-deps.ts';

export { provide } from './reindex-deps.ts';

/** The schedule sends a job without a payload; that looks at what there is to do. */
const reindexJob = z
  .nullish(z.discriminatedUnion('kind', [indexOrganizationJob.schema, advanceJob.schema]))
  .transform((job) => job ?? { kind: 'advance' as const });

/** Brings index generations to what they should be: builds, verifies and switches, mends the live one, clears removed ones. */
export async function handle(delivery: Delivery, deps: ReindexDeps): Promise<void> {
  const job = reindexJob.parse(delivery.payload);
  if (job.kind === 'organization') return indexOrganization(delivery, deps, job);
  return advance(delivery, deps);
}
