import { aBot } from './bot-calls.ts';
import { anotherKey, type Call, type Scene } from './described-calls.ts';

const keyed = () => ({ headers: { 'idempotency-key': crypto.randomUUID() } });
const silence = { rule: 'UnitDown', unit: 'described' };

/** Without a dead job in the queue this changes nothing. */
const counted = { queue: 'external', count: 1 };

/** What the operations of the operator's console are called with. */
export const consoleCalls: Record<string, (scene: Scene) => Call | Promise<Call>> = {
  'GET /api/operator/hosts': () => ({}),
  'GET /api/operator/overview': () => ({}),
  'GET /api/operator/units': () => ({}),
  'GET /api/operator/units/{unit}': () => ({ id: 'ask' }),
  'POST /api/operator/units/{unit}/changes': () => ({ id: 'ask', json: { action: 'end-preview' }, ...keyed() }),
  'GET /api/operator/changes/{id}/events': async ({ account }) => {
    const begun = await account.send('POST /api/operator/units/auth/changes', {
      ...{ json: { action: 'end-preview' }, ...keyed() },
    });
    const { id } = (await begun.json()) as { id: string };
    return { id, headers: { 'pandect-host': begun.headers.get('pandect-host') ?? '' } };
  },
  'GET /api/operator/logs': () => ({ query: '?limit=5&level=info' }),
  'GET /api/operator/logs/events': () => ({ query: '?unit=ask' }),
  'GET /api/operator/errors': () => ({}),
  'GET /api/operator/alerts': () => ({}),
  'POST /api/operator/alerts/silences': () => ({ json: { ...silence, seconds: 60 }, ...keyed() }),
  'DELETE /api/operator/alerts/silences': async ({ account }) => {
    await account.get('POST /api/operator/alerts/silences', { json: { ...silence, seconds: 60 }, ...keyed() });
    return { json: silence, ...keyed() };
  },
  'GET /api/operator/queues': () => ({}),
  'POST /api/operator/queues/{queue}/pause': () => ({ id: 'reindex', ...keyed() }),
  'POST /api/operator/queues/{queue}/resume': () => ({ id: 'reindex', ...keyed() }),
  'GET /api/operator/jobs': () => ({ query: '?limit=5' }),
  'GET /api/operator/jobs/{id}': async ({ account }) => {
    const { jobs } = await account.get<{ jobs: { id: string }[] }>('GET /api/operator/jobs?limit=1');
    return { id: jobs[0]?.id as string };
  },
  'POST /api/operator/jobs/retry': () => ({ json: counted, ...keyed() }),
  'POST /api/operator/jobs/discard': () => ({ json: { ...counted, state: 'dead' }, ...keyed() }),
  'GET /api/operator/backups': () => ({}),
  'POST /api/operator/backups': () => keyed(),
  'GET /api/operator/gateway/breakers': () => ({}),
  'POST /api/operator/gateway/breakers': async ({ account }) => {
    const routes = await account.get<{ targets: { target: string }[] }[]>('GET /api/operator/gateway/routes');
    return { json: { target: routes[0]?.targets[0]?.target, state: 'closed' }, ...keyed() };
  },
  'GET /api/operator/gateway/calls': () => ({ query: '?minutes=5&limit=5' }),
  'GET /api/operator/gateway/routes': () => ({}),
  'GET /api/operator/gateway/prices': () => ({}),
  'GET /api/operator/gateway/keys': () => ({ query: '?limit=5' }),
  'GET /api/operator/gateway/keys/{id}': async (scene) => ({ id: await anotherKey(scene) }),
  'POST /api/operator/gateway/keys/{id}/revoke': async (scene) => ({
    ...{ id: await anotherKey(scene), json: { reason: 'Described' } },
    ...keyed(),
  }),
  'GET /api/operator/images': () => ({ query: '?limit=5' }),
  'POST /api/operator/images/{id}/cancel': async ({ account }) => {
    const { id } = await account.get<{ id: string }>('POST /api/images', {
      json: { prompt: 'A lighthouse', width: 64, height: 64 },
    });
    return { id, ...keyed() };
  },
  'GET /api/operator/bots': () => ({}),
  'GET /api/operator/bots/{id}': async (scene) => ({ id: (await aBot(scene)).id }),
  'GET /api/operator/bots/{id}/check': async (scene) => ({ id: (await aBot(scene)).id }),
  'POST /api/operator/bots/{id}/delivery': async (scene) => ({
    ...{ id: (await aBot(scene)).id, json: { delivery: 'polling' } },
    ...keyed(),
  }),
  'GET /api/operator/money': () => ({}),
  'GET /api/operator/money/discrepancies': () => ({}),
};
