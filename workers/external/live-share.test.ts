import { expect, it } from 'vitest';
import { completion } from '../../functions/gateway/gateway.fixture.ts';
import { jsonReply, type UpstreamVisit } from '../../modules/testing/upstream-server.ts';
import { externalScene } from './scene.fixture.ts';

const { mine, open, keyFor } = await externalScene();
type Scene = Awaited<ReturnType<typeof open>>;
type Caller = Parameters<Scene['gateway']['post']>[2];

const saying = (content: string) => ({ model: 'small', messages: [{ role: 'user', content }] });
const live = async ({ gateway }: Scene, as: Caller) => {
  const response = await gateway.post('/v1/chat/completions', saying('live'), as);
  await response.text();
  return response.status;
};
const accept = async ({ gateway }: Scene, as: Caller, calls: number) => {
  for (let call = 0; call < calls; call += 1)
    expect((await gateway.post('/v1/async/chat/completions', saying('later'), as)).status).toBe(202);
};
const isLater = ({ body }: Pick<UpstreamVisit, 'body'>) => body.toString().includes('later');
const answer = jsonReply(completion('Hi'));

it('asynchronous calls in progress leave three quarters of all places to live ones', { timeout: 60_000 }, async () => {
  const [all, share] = [8, 2];
  let isHeld = true;
  // Held until the test has seen enough, which takes less than this.
  const hold = { ...answer, headersAfterMs: 8_000 };
  const scene = await open(() => (isHeld ? hold : answer), {
    GATEWAY_MAX_CONCURRENCY: `${all}`,
    CACHE_PREFIX: `test-${crypto.randomUUID()}`,
  });
  await accept(scene, mine.owner, 5);
  const working = scene.work();
  const seen = (kind: boolean) => scene.upstream.visits.filter((visit) => isLater(visit) === kind).length;
  await expect.poll(() => seen(true), { timeout: 8_000 }).toBe(share);
  const answers = Array.from({ length: all - share }, () => live(scene, mine.owner));
  await expect.poll(() => seen(false), { timeout: 8_000 }).toBe(all - share);
  expect(seen(true)).toBe(share);
  expect(await live(scene, mine.owner)).toBe(429);
  isHeld = false;
  expect(await Promise.all(answers)).toEqual(answers.map(() => 200));
  await working;
  expect(seen(true)).toBe(5);
});

it('asynchronous calls that begin at once leave a quarter of their caller’s minute to live ones', {
  timeout: 60_000,
}, async () => {
  const [limit, left] = [8, 2];
  const scene = await open(() => answer, { GATEWAY_MAX_CONCURRENCY: '80' });
  const key = await keyFor(mine.owner, { rpm: limit });
  await accept(scene, key, 10);
  await scene.work();
  expect(scene.upstream.visits).toHaveLength(limit - left);
  expect([await live(scene, key), await live(scene, key), await live(scene, key)]).toEqual([200, 200, 429]);
});
