import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI, { toFile } from 'openai';
import { expect, it } from 'vitest';
import { completion } from '../../functions/gateway/gateway.fixture.ts';
import { jsonReply, type UpstreamReply } from '../../modules/testing/upstream-server.ts';
import { externalScene } from './scene.fixture.ts';

const { database, mine, open } = await externalScene();
const CALLS = 12;
const KILLS = 4;

it('a process killed at random points asks no upstream again that answered, and each call is charged at most once', {
  timeout: 240_000,
}, async () => {
  const answer = (): UpstreamReply => ({ ...jsonReply(completion('Hi')), headersAfterMs: Math.random() * 120 });
  const scene = await open(answer, { LOG_LEVEL: 'error' });
  const ids: string[] = [];
  for (let n = 0; n < CALLS; n++) {
    const body = { model: 'small', messages: [{ role: 'user', content: `call ${n}` }] };
    const response = await scene.gateway.post('/v1/async/chat/completions', body, mine.owner);
    ids.push(((await response.json()) as { id: string }).id);
  }
  const client = new OpenAI({ apiKey: mine.owner.token, baseURL: `${scene.gateway.url}/v1`, maxRetries: 0 });
  const line = (n: number) =>
    JSON.stringify({
      ...{ custom_id: `line ${n}`, method: 'POST', url: '/v1/chat/completions' },
      body: { model: 'small', messages: [{ role: 'user', content: `line ${n}` }] },
    });
  const lines = Buffer.from(Array.from({ length: CALLS }, (_, n) => line(n)).join('\n'));
  const file = await client.files.create({ purpose: 'batch', file: await toFile(lines, 'in.jsonl') });
  const { id: batchId } = await client.batches.create({
    ...{ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' },
  });

  for (let kills = 0; kills < KILLS; kills++) {
    const process = await scene.start();
    await sleep(Math.random() * 400);
    await process.kill();
  }
  const last = await scene.start();
  const looks = async () =>
    Promise.all(ids.map((id) => scene.gateway.get(`/v1/async/${id}`, mine.owner).then((r) => r.json())));
  const isOver = async () =>
    ((await looks()) as { status: string }[]).every(({ status }) => status === 'done' || status === 'failed') &&
    (await client.batches.retrieve(batchId)).status === 'completed';
  await expect.poll(isOver, { timeout: 120_000, interval: 250 }).toBe(true);
  await last.kill();

  // The server saw each prompt once more at most than it was answered, and never after an answer that was written down.
  const asked = new Map<string, number>();
  for (const { body, closedAt } of scene.upstream.visits) {
    const { messages } = JSON.parse(body.toString()) as { messages: { content: string }[] };
    const name = messages[0]?.content ?? '';
    if (closedAt === undefined) asked.set(name, (asked.get(name) ?? 0) + 1);
  }
  expect(Math.max(...asked.values())).toBe(1);
  // A call that was cut off after its reservation is not repeated: it says so, and what was held is charged later.
  const calls = (await looks()) as { status: string; response: { body: { error?: { code: string } } } }[];
  for (const { status, response } of calls)
    if (status === 'failed') expect(response.body.error?.code).toBe('call_interrupted');
  const { request_counts: counts } = await client.batches.retrieve(batchId);
  expect((counts?.completed ?? 0) + (counts?.failed ?? 0)).toBe(CALLS);
  const held = await database.owner`
    select request_id, count(*)::int as n from usage_reservations where state <> 'released' group by request_id`;
  expect(held.every(({ n }) => n === 1)).toBe(true);
  expect(held.length).toBeLessThanOrEqual(2 * CALLS);
  const done = calls.filter(({ status }) => status === 'done').length + (counts?.completed ?? 0);
  expect(held.length).toBeGreaterThanOrEqual(done);
});
