import { z } from 'zod';
import type { JobDesk } from '../../../platform/capabilities/queue/index.ts';
import { MOST_NAMED_JOBS } from '../../../platform/kernel/console/named-jobs.ts';
import { jobStates } from '../../../platform/kernel/job-state.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const ofList = z.strictObject({
  queue: z.string().optional(),
  state: z.enum(jobStates).optional(),
  limit: z.int().min(1),
});
const ofIds = z.strictObject({ ids: z.array(z.string()).max(MOST_NAMED_JOBS) });
const ofRetry = z.union([ofIds.extend({ ifStillDead: z.boolean().optional() }), z.strictObject({ queue: z.string() })]);
const ofDiscard = ofIds.extend({ states: z.array(z.enum(jobStates)).optional() });
const time = z.iso.datetime().transform((text) => new Date(text));
const ofPage = ofList.extend({ behind: z.strictObject({ createdAt: time, id: z.uuid() }).optional() });
const ofAll = ofList.omit({ limit: true }).extend({ asOf: time.optional() });

/** `pandect jobs`, and pages and bulk acts of the console */
export function jobs(router: Router, { jobDesk: open }: { jobDesk: () => Promise<JobDesk> }): void {
  router.post('/operator/jobs/list', async (c) => c.json(await (await open()).list(await readBody(c, ofList))));
  router.post('/operator/jobs/page', async (c) => c.json(await (await open()).page(await readBody(c, ofPage))));
  router.post('/operator/jobs/ids', async (c) => c.json(await (await open()).ids(await readBody(c, ofAll))));
  router.post('/operator/jobs/show', async (c) => {
    const { id } = await readBody(c, z.strictObject({ id: z.string() }));
    return c.json(await (await open()).show(id));
  });
  router.post('/operator/jobs/retry', async (c) => c.json(await (await open()).retry(await readBody(c, ofRetry))));
  router.post('/operator/jobs/discard', async (c) => {
    const { ids, states } = await readBody(c, ofDiscard);
    return c.json(await (await open()).discard(ids, states));
  });
}
