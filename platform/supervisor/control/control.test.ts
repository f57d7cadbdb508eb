import { expect, it } from 'vitest';
import type { Platform } from '../platform.ts';
import { Sites } from '../sites/sites.ts';
import { Units } from '../units/units.ts';
import { createControl } from './control.ts';

/** Bodies are refused before anything of a platform is touched, so that it needs no more than a name that is unknown. */
const units = new Units([], { tools: {} } as ConstructorParameters<typeof Units>[1]);
const sites = new Sites([], {} as ConstructorParameters<typeof Sites>[1]);
const group = {
  ...{
    unit: 'ask',
    name: 'RangeError',
    place: 'answer app.ts',
    frame: 'app.ts:1 answer',
    total: 3,
    hours: { 3: 1, 4: 2 },
  },
  ...{ firstSeen: new Date(3 * 3_600_000).toISOString(), lastSeen: new Date(4.5 * 3_600_000).toISOString() },
  ...{ release: 'aaaa', example: 'Request failed' },
};
const errors = { groups: async () => [group], stop: async () => {} };
const control = createControl({ units, sites, errors, home: {}, queueUrl: () => '' } as unknown as Platform, {
  keep: false,
  stop() {},
});

const post = (path: string, body: string) => control.request(path, { method: 'POST', body });

it.each([
  ['/deploy', {}, '"units": Invalid input: expected array, received undefined'],
  ['/deploy', { units: ['ask'], canary: '10' }, '"canary": Invalid input: expected number, received string'],
  ['/deploy', { units: [1] }, '"units": "0": Invalid input: expected string, received number'],
  ['/restart', { units: 'ask' }, '"units": Invalid input: expected array, received string'],
  ['/rollback', { unit: 'ask', relase: 'abc' }, 'Unrecognized key: "relase"'],
  ['/canary', { unit: 'ask' }, '"percent": Invalid input: expected number, received undefined'],
  ['/promote', { unit: 'ask', watch: -1 }, '"watch": Too small: expected number to be >=0'],
  ['/abort', [], 'Invalid input: expected object, received array'],
  ['/preview', { unit: null }, '"unit": Invalid input: expected string, received null'],
  ['/preview/end', { unit: 'ask', release: 7 }, '"release": Invalid input: expected string, received number'],
  ['/scale', { unit: 'ask' }, '"instances": Invalid input: expected number, received undefined'],
  ['/queues/pause', {}, '"queue": Invalid input: expected string, received undefined'],
  ['/queues/resume', { queue: ['a'] }, '"queue": Invalid input: expected string, received array'],
  ['/prune', { keep: 1, isDryRun: true }, '"keep": Too small: expected number to be >=2'],
  ['/keys/rotate', { what: 1 }, '"what": Invalid input: expected string, received number'],
])('refuses what POST %s cannot read: %j', async (path, body, why) => {
  const answer = await post(path, JSON.stringify(body));
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as { message: string }).message).toContain(`Read body of ${path}: ${why}`);
});

it.each(['', '{"unit":', 'null'])('refuses a body that is no JSON object: %s', async (body) => {
  expect((await post('/rollback', body)).status).toBe(400);
});

it('takes a body that is as it should be, and names the unit that it does not find', async () => {
  const answer = await post('/scale', JSON.stringify({ unit: 'none', instances: null, by: 'olga' }));
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('Find function or worker \\"none\\"');
});

it('passes the operator’s commands on to the function, and says so where there is none', async () => {
  const answer = await control.request('/operator/admin/administrators');
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('Find function or worker \\"operator\\"');
});

it('tells errors by groups, since a time and of a unit', async () => {
  const counts = async (query: string) =>
    ((await (await control.request(`/errors${query}`)).json()) as { count: number }[]).map(({ count }) => count);
  expect(await counts('')).toEqual([3]);
  expect(await counts(`?since=${4 * 3_600_000}&unit=ask`)).toEqual([2]);
  expect(await counts(`?since=${5 * 3_600_000}`)).toEqual([]);
  expect(await counts('?unit=auth')).toEqual([]);
});
