import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { enterHost } from '../../platform/supervisor/hosts/host-rows.ts';
import { consoleScene, problem } from './console.fixture.ts';

const scene = await consoleScene();
const { database, ask, respond, deploys, acts, source } = scene;

const elsewhere = crypto.randomUUID();
const deploy = 'POST /api/operator/units/ask/changes' as const;
const named = (host: string) => ({ 'pandect-host': host, 'idempotency-key': crypto.randomUUID() });

let own: string;
beforeAll(async () => {
  own = (await ask('GET /api/operator/hosts')).body.own;
});

it('names its host in every answer', async () => {
  for (const call of ['GET /api/operator/units', 'GET /api/operator/units/none'] as const) {
    expect((await respond(call)).headers.get('pandect-host')).toBe(own);
    expect((await respond(call, { headers: named(own) })).headers.get('pandect-host')).toBe(own);
  }
});

it('refuses what names another host, and does nothing', async () => {
  const before = await acts();
  for (const call of ['GET /api/operator/units', 'GET /api/operator/logs/events', deploy] as const) {
    const json = call === deploy ? { action: 'deploy' } : undefined;
    const answer = await respond(call, { headers: named(elsewhere), json });
    expect([answer.status, answer.headers.get('pandect-host')]).toEqual([421, own]);
    expect(await answer.json()).toMatchObject({ type: problem('wrong-host'), host: expect.any(String) });
  }
  expect(deploys).toEqual([]);
  expect(await acts()).toEqual(before);
});

it('does a change that was refused once when it comes again with the same key and the right host', async () => {
  const key = crypto.randomUUID();
  const send = async (host: string) =>
    (await respond(deploy, { json: { action: 'deploy' }, headers: { ...named(host), 'idempotency-key': key } })).status;
  expect([await send(elsewhere), await send(own), await send(own), await send(elsewhere)]).toEqual([
    421, 202, 202, 421,
  ]);
  await expect.poll(() => deploys).toHaveLength(1);
  await sleep(50);
  expect(deploys).toHaveLength(1);
  scene.under.get('ask')?.end(true);
});

it('does not tell which host it is to people who are no administrators', async () => {
  const { owner } = await testOrganization(database);
  const answer = await respond('GET /api/operator/units', { as: owner, headers: named(elsewhere) });
  expect([answer.status, answer.headers.get('pandect-host')]).toEqual([404, null]);
});

it('lists itself alone on one host, and all that were heard of on several', async () => {
  expect((await ask('GET /api/operator/hosts')).body.hosts).toMatchObject([{ id: own, state: 'running' }]);
  source.PANDECT_HOSTS = '2';
  const rest = { version: '1.0.0', keys: 'k', storage: 's', vectors: 'v' };
  const [silent, ended] = [crypto.randomUUID(), crypto.randomUUID()];
  for (const [id, name] of [
    [own, 'a'],
    [elsewhere, 'b'],
    [silent, 'c'],
    [ended, 'd'],
  ] as const) {
    await enterHost(database.owner, { id, name, ...rest });
  }
  await database.owner`update hosts set seen_at = now() - interval '31 seconds' where id = ${silent}`;
  await database.owner`update hosts set seen_at = 'epoch' where id = ${ended}`;
  const { body } = await ask('GET /api/operator/hosts');
  expect(body.hosts.map(({ name, state, seenAt }: Record<string, string>) => [name, state, seenAt !== null])).toEqual([
    ...[
      ['a', 'running', true],
      ['b', 'running', true],
    ],
    ...[
      ['c', 'lost', true],
      ['d', 'stopped', false],
    ],
  ]);
  expect(JSON.stringify(body)).not.toContain('"k"');
});

it('answers what names a host once the supervisor can tell which one this is', async () => {
  await scene.replace();
  scene.stop();
  expect((await respond('GET /api/operator/units', { headers: named(own) })).status).toBe(503);
  await scene.restart();
  expect((await respond('GET /api/operator/units', { headers: named(own) })).status).toBe(200);
});
