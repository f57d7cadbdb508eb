import { expect, it } from 'vitest';
import { Sites } from '../sites/sites.ts';
import { Units } from '../units/units.ts';
import { type ConsolePlatform, createConsole } from './create-console.ts';

const units = new Units([], { tools: {} } as ConstructorParameters<typeof Units>[1]);
const sites = new Sites([], {} as ConstructorParameters<typeof Sites>[1]);
const { app, close } = createConsole({ units, sites, home: {} } as unknown as ConsolePlatform);
close();

const say = async (method: string, path: string, body?: object) => {
  const answer = await app.request(path, { method, ...(body && { body: JSON.stringify(body) }) });
  return [answer.status, ((await answer.json()) as { message: string }).message];
};

it.each([
  ['POST', '/stop'],
  ['POST', '/keys/rotate'],
  ['POST', '/deploy'],
  ['POST', '/operator/admin/create'],
  ['POST', '/operator/admin/confirm'],
  ['POST', '/operator/gateway/apply'],
  ['POST', '/operator/gateway/secrets/put'],
  ['POST', '/operator/wallets/grant'],
  ['POST', '/operator/bots/add'],
  ['POST', '/operator/jobs/page/../../admin/create'],
  ['POST', '/operator/jobs/%2e%2e/admin/create'],
  ['GET', '/operator/jobs/retry'],
  ['DELETE', '/units/ask'],
])('has no verb %s %s', async (method, path) => {
  expect(await say(method, path, method === 'POST' ? {} : undefined)).toEqual([
    404,
    expect.stringContaining('the console has no such verb'),
  ]);
});

it('passes on what is listed, and nothing where the function is missing', async () => {
  expect(await say('POST', '/operator/jobs/page', {})).toEqual([404, expect.stringContaining('"operator"')]);
});

it.each([
  [{}, '"action": Invalid option'],
  [{ action: 'stop', by: 'a@b.c' }, '"action": Invalid option'],
  [{ action: 'deploy' }, '"by": Invalid input'],
  [{ action: 'scale', by: 'a@b.c', instances: 1.5 }, '"instances"'],
  [{ action: 'canary', by: 'a@b.c', percent: 101 }, '"percent"'],
  [{ action: 'deploy', by: 'a@b.c', all: true }, 'Unrecognized key: "all"'],
])('refuses a change that is %j', async (body, why) => {
  expect(await say('POST', '/units/ask/changes', body)).toEqual([400, expect.stringContaining(why)]);
});

it('names what it does not find', async () => {
  expect(await say('POST', '/units/none/changes', { action: 'deploy', by: 'a@b.c' })).toEqual([
    404,
    expect.stringContaining('Find function or worker "none"'),
  ]);
  expect(await say('GET', '/changes/none/events')).toEqual([404, 'Follow change "none": there is none']);
});
