import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { assertAdministrator } from '../../../../modules/people/administration/administrators-only.ts';
import { MOST_NAMED_JOBS } from '../../../../platform/kernel/console/named-jobs.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { countChanged } from '../../../../platform/kernel/problems.ts';
import { bearer, json, jsonBody, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import type { RouterEnv } from '../../../../platform/runtime/http/router-env.ts';
import { type ConsoleDeps, changeProblems, perform, requiredKey } from '../../perform.ts';
import { queueName } from './job.ts';

/** Jobs of one step; rights are read again before each. */
const TOGETHER = 200;

const idsSchema = z.strictObject({ ids: z.array(z.uuid()).min(1).max(MOST_NAMED_JOBS) });
const counted = {
  queue: queueName.optional(),
  count: z.int().min(1).openapi({ description: 'How many matched, as it was shown' }),
  asOf: z.iso
    .datetime()
    .optional()
    .openapi({ description: 'Of the page that showed the count: jobs that match since then are left alone' }),
};
/** What a union says by itself is that its input is invalid. */
const error = `must be 1 to ${MOST_NAMED_JOBS} ids, or a filter with the count that was shown`;
const retrySchema = z.union([idsSchema, z.strictObject({ ...counted, state: z.literal('dead').optional() })], {
  error,
});
const discardSchema = z.union(
  [idsSchema, z.strictObject({ ...counted, state: z.enum(['waiting', 'retrying', 'dead']) })],
  { error },
);
type Filter = Exclude<z.output<typeof discardSchema>, { ids: string[] }>;

const doneSchema = z
  .object({ done: z.int().openapi({ description: 'Jobs that were changed; others had ended or begun by then' }) })
  .openapi('ConsoleJobsDone');

const describe = (action: 'retry' | 'discard', schema: typeof retrySchema | typeof discardSchema) =>
  createRoute({
    method: 'post',
    path: `/api/operator/jobs/${action}`,
    operationId: `${action}ConsoleJobs`,
    tags: ['console'],
    summary: action === 'retry' ? 'Have dead jobs done after all' : 'Forget jobs that wait or are dead',
    description:
      'Those named, at most 1,000, of which all must be in such a state, or all that match a filter as they were counted. Dead jobs that are fewer than `count` are `count-changed`; of those that wait, some will have begun. Jobs that match since the count are left alone.',
    security: bearer,
    request: { headers: requiredKey, body: jsonBody(schema) },
    responses: { 200: json(doneSchema, 'How many'), ...problems(...changeProblems, countChanged) },
  });

export function actOnJobs(router: Router, deps: ConsoleDeps): void {
  const { supervisor } = deps;
  const act = (c: Context<RouterEnv>, action: 'retry' | 'discard', asked: z.output<typeof discardSchema>) => {
    const details = 'ids' in asked ? { count: asked.ids.length, ids: asked.ids.slice(0, 20) } : asked;
    const target = 'ids' in asked ? null : (asked.queue ?? null);
    return perform(c, deps, { action: `${action}-jobs`, target, details, whole: asked }, async () => {
      const states = 'ids' in asked ? undefined : [asked.state];
      const ids = 'ids' in asked ? asked.ids : await asCounted(asked);
      const isLenient = states && (action === 'retry' ? { ifStillDead: true } : { states });
      let done = 0;
      // Those that were named change together or not at all.
      const step = states ? TOGETHER : MOST_NAMED_JOBS;
      for (let from = 0; from < ids.length; from += step) {
        if (from > 0) await assertAdministrator(deps.database, c);
        const body = { ids: ids.slice(from, from + step), ...isLenient };
        done += (await supervisor.post(`/operator/jobs/${action}`, body, z.array(z.unknown()))).length;
      }
      return { done };
    });
  };
  /** @throws Problem count-changed */
  const asCounted = async ({ count, ...filter }: Filter): Promise<string[]> => {
    const ids = await supervisor.post('/operator/jobs/ids', filter, z.array(z.string()));
    const isTaken = ids.length < count && filter.state !== 'dead';
    const isMore = ids.length > count && filter.asOf !== undefined;
    if (ids.length === 0 || (ids.length < count && !isTaken) || isMore) {
      throw new Problem(countChanged, { parameters: { count: ids.length } });
    }
    return ids.slice(0, count);
  };
  router.openapi(describe('retry', retrySchema), async (c) => {
    const asked = c.req.valid('json') as z.output<typeof retrySchema>;
    return c.json(await act(c, 'retry', 'ids' in asked ? asked : { ...asked, state: 'dead' }), 200);
  });
  router.openapi(describe('discard', discardSchema), async (c) => {
    const asked = c.req.valid('json') as z.output<typeof discardSchema>;
    return c.json(await act(c, 'discard', asked), 200);
  });
}
