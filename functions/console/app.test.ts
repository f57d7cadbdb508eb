import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { testOrganization, tokenFor } from '../../modules/testing/organization.ts';
import { type Call, consoleScene, problem } from './console.fixture.ts';

const scene = await consoleScene();
const { database, admin, ask, follow, acts, signedIn, under, deploys, restart } = scene;

const change = (unit: string) => `POST /api/operator/units/${unit}/changes` as const;
const lastAct = async () => (await acts()).at(-1);
const begun = async (unit: string) => {
  const { status, body } = await ask(change(unit), { action: 'deploy' });
  expect(status).toBe(202);
  await expect.poll(() => under.get(unit)).toBeDefined();
  return body.id as string;
};
const end = (unit: string) => {
  under.get(unit)?.report({ unit, step: 'done', release: 'abc', ms: 5 });
  under.get(unit)?.end(true);
  under.delete(unit);
};

describe('who is let in', () => {
  const calls: Call[] = [
    'GET /api/operator/overview',
    'GET /api/operator/units',
    'GET /api/operator/units/ask',
    `GET /api/operator/changes/${crypto.randomUUID()}/events`,
  ];

  it('shows nothing to the owner of another organization', async () => {
    const { owner } = await testOrganization(database);
    for (const call of calls) expect((await ask(call, undefined, { as: owner })).status).toBe(404);
    expect((await ask(change('ask'), { action: 'deploy' }, { as: owner })).body.type).toBe(problem('not-found'));
    expect(deploys).toEqual([]);
  });

  it('lets somebody look, and not change, whose sign-in is not fresh', async () => {
    const old = await signedIn(601);
    expect((await ask('GET /api/operator/units', undefined, { as: old })).status).toBe(200);
    const { status, body } = await ask(change('ask'), { action: 'deploy' }, { as: old });
    expect([status, body.type]).toEqual([403, problem('fresh-sign-in-needed')]);
    // A token from before there was such a claim.
    const earlier = { token: await tokenFor({ ...admin, signedInAt: undefined } as never) };
    expect((await ask(change('ask'), { action: 'deploy' }, { as: earlier })).status).toBe(403);
    expect(deploys).toEqual([]);
  });

  it('needs a key for each change', async () => {
    const { status, body } = await scene.request(change('ask'), { as: await signedIn(), json: { action: 'deploy' } });
    expect([status, body.type]).toEqual([400, problem('invalid-request')]);
  });
});

describe('units', () => {
  it('are listed with what waits for them', async () => {
    const { body } = await ask('GET /api/operator/units');
    expect(body).toMatchObject([
      { name: 'ask', kind: 'function', state: 'down', waiting: null, change: null },
      { name: 'ingest', kind: 'worker', waiting: 2 },
      { name: 'notify', kind: 'worker' },
    ]);
    const { body: one } = await ask('GET /api/operator/units/ask');
    expect(one).toMatchObject({ bounds: { min: 1, max: 4 }, fixed: null, canary: null, failedBuildLog: null });
  });

  it('are counted in the overview, which has the queues, the disk and the money', async () => {
    const { body } = await ask('GET /api/operator/overview');
    expect(body).toMatchObject({
      units: { total: 3, serving: 0 },
      queues: expect.arrayContaining([{ queue: 'ingest', waiting: 2, active: 1, dead: 3, oldestSeconds: 4 }]),
      backup: { lastSuccessAt: null, state: 'off' },
      money: { today: [] },
    });
    expect(body.disk.freeBytes).toBeGreaterThan(0);
  });

  it.each([
    ['none', 'nothing has this name'],
    ['..%2Fstop', 'a path is no name'],
  ])('say not-found or invalid of "%s": %s', async (name) => {
    expect([400, 404]).toContain((await ask(`GET /api/operator/units/${name}`)).status);
    expect([400, 404]).toContain((await ask(change(name), { action: 'deploy' })).status);
  });
});

describe('a change', () => {
  it('is begun once for its key, written down first, and followed by its steps', async () => {
    const key = crypto.randomUUID();
    const first = await ask(change('ask'), { action: 'deploy' }, { key });
    const again = await ask(change('ask'), { action: 'deploy' }, { key });
    expect([first.status, again.body]).toEqual([202, first.body]);
    await expect.poll(() => deploys.length).toBe(1);
    expect(deploys[0]).toEqual({ names: ['ask'], by: admin.email });
    expect(await lastAct()).toEqual({ action: 'deploy-unit', target: 'ask', details: {} });
    end('ask');
    const told = await Array.fromAsync(await follow(`/api/operator/changes/${first.body.id}/events`));
    expect(told.map(({ event, data, id }) => [event, data.step ?? data.ok, id])).toEqual([
      ['change', 'build', '1'],
      ['change', 'done', '2'],
      ['end', true, undefined],
    ]);
    const rest = await Array.fromAsync(await follow(`/api/operator/changes/${first.body.id}/events`, { from: '1' }));
    expect(rest.map(({ id }) => id)).toEqual(['2', undefined]);
  });

  it('is refused with words while another one of the unit is under way, and that stands in the log', async () => {
    await begun('ask');
    const { status, body } = await ask(change('ask'), { action: 'restart' });
    expect([status, body.type]).toEqual([409, problem('change-refused')]);
    expect(body.detail).toContain('Change "ask": another change is under way');
    expect(body.detail).toContain(admin.email);
    expect(await lastAct()).toMatchObject({ action: 'restart-unit', details: { refused: body.reason } });
    expect((await ask('GET /api/operator/units')).body[0].change).toEqual(expect.any(String));
    end('ask');
  });

  it('continues when its reader leaves', async () => {
    const id = await begun('ingest');
    const left = new AbortController();
    for await (const { data } of await follow(`/api/operator/changes/${id}/events`, { signal: left.signal })) {
      expect(data.step).toBe('build');
      break;
    }
    left.abort();
    end('ingest');
    const told = await Array.fromAsync(await follow(`/api/operator/changes/${id}/events`));
    expect(told.at(-1)).toEqual({ event: 'end', data: { ok: true } });
  });

  it('continues when the console is deployed itself, and is followed on in its next process', async () => {
    const key = crypto.randomUUID();
    const { body } = await ask(change('ingest'), { action: 'deploy' }, { key });
    await expect.poll(() => under.get('ingest')).toBeDefined();
    await scene.replace();
    expect((await ask(change('ingest'), { action: 'deploy' }, { key })).body).toEqual(body);
    end('ingest');
    const told = await Array.fromAsync(await follow(`/api/operator/changes/${body.id}/events`, { from: '1' }));
    expect(told.map(({ data }) => data.step ?? data.ok)).toEqual(['done', true]);
  });

  it('ends as failed for who follows it over a restart of the supervisor', async () => {
    const id = await begun('notify');
    const told: string[] = [];
    for await (const { event, data } of await follow(`/api/operator/changes/${id}/events`)) {
      told.push(event === 'end' ? `end ${data.ok}` : data.step);
      if (data.step === 'build') await restart();
    }
    expect(told).toEqual(['build', 'failed', 'end false']);
    under.delete('notify');
  });

  it('continues when the rights of who began it are taken away; the stream and the next act end with 404', async () => {
    const id = await begun('ask');
    const told: string[] = [];
    for await (const { event, data } of await follow(`/api/operator/changes/${id}/events`)) {
      told.push(event === 'error' ? data.type : (data.step ?? 'end'));
      if (data.step === 'build') {
        await database.owner`update users set administrator = false where id = ${admin.userId}`;
      }
    }
    expect(told).toEqual(['build', problem('not-found')]);
    expect((await ask(change('ingest'), { action: 'deploy' })).status).toBe(404);
    expect(under.has('ask')).toBe(true);
    await database.owner`update users set administrator = true where id = ${admin.userId}`;
    end('ask');
    await sleep(10);
    const { body } = await ask('GET /api/operator/units');
    expect(body[0].change).toBeNull();
  }, 30_000);

  it('names what is missing for it, and what the manifest does not allow', async () => {
    expect((await ask(change('ask'), { action: 'scale' })).body.detail).toContain('"instances" is missing');
    const { body } = await ask(change('ask'), { action: 'scale', instances: 9 });
    const told = await Array.fromAsync(await follow(`/api/operator/changes/${body.id}/events`));
    expect(told[0]?.data).toMatchObject({
      step: 'failed',
      message: expect.stringContaining('its manifest allows 1 to 4'),
    });
    expect((await ask('GET /api/operator/units/ask')).body.failedBuildLog).toContain('its manifest allows');
  });
});
