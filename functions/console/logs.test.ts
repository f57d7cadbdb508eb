import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { consoleScene } from './console.fixture.ts';

const { root, ask, follow, restart, signedIn, database, admin } = await consoleScene();
const logs = join(root, 'logs');
await mkdir(logs);
const line = (number: number, more = {}) =>
  `${JSON.stringify({ level: 'info', time: new Date(1_700_000_000_000 + number).toISOString(), message: `line ${number}`, ...more })}\n`;
const write = (unit: string, ...numbers: number[]) =>
  appendFile(join(logs, `${unit}.log`), numbers.map((number) => line(number)).join(''));
for (const name of ['ask', 'supervisor', 'postgres', 'caddy']) await writeFile(join(logs, `${name}.log`), '');
const messages = ({ lines }: { lines: { message: string }[] }) => lines.map(({ message }) => message);

it('shows logs of units and of the supervisor, and not those that may repeat what people wrote', async () => {
  await write('ask', 1, 3);
  await write('supervisor', 2);
  await appendFile(join(logs, 'postgres.log'), line(4, { message: 'select with values' }));
  await appendFile(join(logs, 'caddy.log'), line(5, { message: '/api/search?q=divorce' }));
  const { body } = await ask('GET /api/operator/logs');
  expect(messages(body)).toEqual(['line 1', 'line 2', 'line 3']);
  expect(messages((await ask('GET /api/operator/logs?unit=ask')).body)).toEqual(['line 1', 'line 3']);
  for (const name of ['postgres', 'none']) {
    expect((await ask(`GET /api/operator/logs?unit=${name}`)).status).toBe(404);
    expect((await ask(`GET /api/operator/logs/events?unit=${name}`)).status).toBe(404);
  }
  for (const query of ['unit=../x', 'limit=0', 'level=loud', 'since=yesterday', 'cursor=%20', 'cursor=abc']) {
    expect([query, (await ask(`GET /api/operator/logs?${query}`)).status]).toEqual([query, 400]);
  }
});

it('continues where the page ended, over a restart of the supervisor and a break', async () => {
  const { end } = (await ask('GET /api/operator/logs')).body;
  await write('ask', 10);
  let place = '';
  const told: string[] = [];
  const read = async (last: string, between?: () => Promise<void>) => {
    const from = place ? { from: place } : {};
    for await (const { data, id = '' } of await follow(`/api/operator/logs/events?from=${end}`, from)) {
      told.push(...messages(data));
      place = id;
      if (told.at(-1) === last) return;
      await between?.();
    }
  };
  let restarts = 0;
  await read('line 12', async () => {
    if (restarts++ > 0) return;
    await write('ask', 11);
    await restart();
    await write('supervisor', 12);
  });
  // The first line that this unit ever writes.
  await write('ingest', 13);
  await write('ask', 14);
  await read('line 14');
  expect(told).toEqual(['line 10', 'line 11', 'line 12', 'line 13', 'line 14']);
}, 30_000);

it('ends for somebody whose rights or token were taken away', async () => {
  const ends = async (as: { token: string }, take: () => Promise<unknown>) => {
    let taken = false;
    for await (const { event, data } of await follow('/api/operator/logs/events', { as })) {
      if (event === 'error') return data.status;
      if (!taken) await take();
      taken = true;
    }
  };
  const change = (is: boolean) => database.owner`update users set administrator = ${is} where id = ${admin.userId}`;
  expect(await ends(await signedIn(), () => change(false))).toBe(404);
  await change(true);
  const revoke = () => database.owner`insert into revocations (subject, at) values (${admin.userId}, now())`;
  expect(await ends(await signedIn(), revoke)).toBe(401);
}, 60_000);
