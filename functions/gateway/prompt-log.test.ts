import { expect, it } from 'vitest';
import { eventStream, jsonReply, sse } from '../../modules/testing/upstream-server.ts';
import { chunks, completion, gatewayScene } from './gateway.fixture.ts';

const { database, mine, withUpstream } = await gatewayScene();
const secrets = 'Key sk-proj-abc123DEF456ghi, mail ivan@example.com, card 4111 1111 1111 1111';
const ask = { model: 'default', messages: [{ role: 'user' as const, content: `Draft a lease. ${secrets}` }] };

const enable = () =>
  database.owner`insert into prompt_log_settings (organization_id, keep_days) values (${mine.id}, 3)`;
const logged = () =>
  database.owner`select dialect, route, target, request, answer, is_cut as "isCut", request_id as "requestId",
    extract(epoch from expires_at - created_at)::int as seconds from prompt_logs where organization_id = ${mine.id} order by created_at, id`;
const rows = async (count: number) => {
  await expect.poll(async () => (await logged()).length, { timeout: 10_000 }).toBe(count);
  return logged();
};

it('logs no prompt unless its organization switched it on', async () => {
  const { gateway } = await withUpstream([jsonReply(completion('Hi'))]);
  expect((await gateway.post('/v1/chat/completions', ask, mine.owner)).status).toBe(200);
  await gateway.close();
  expect(await logged()).toHaveLength(0);
});

it('logs requests and answers without what must not be kept, after their answers', async () => {
  await enable();
  const words = ['Write to pe', 'tr@exam', 'ple.com, +7 912 34', '5-67-89.'];
  const { gateway } = await withUpstream((visit) => {
    const { stream, messages } = JSON.parse(visit.body.toString());
    if (JSON.stringify(messages).includes('fail')) return jsonReply({ error: { message: 'no' } }, 400);
    return stream ? eventStream(sse(...chunks(words))) : jsonReply(completion('Call 8 912 345 67 89'));
  });
  const whole = await gateway.post('/v1/chat/completions', ask, mine.owner);
  expect(await whole.json()).toMatchObject({ choices: [{ message: { content: 'Call 8 912 345 67 89' } }] });
  const [first] = await rows(1);
  expect(first).toMatchObject({ dialect: 'chat', route: 'default', target: 'small', isCut: false });
  expect(first?.request).toContain('Draft a lease. Key [key], mail [email], card [card]');
  expect(first?.answer).toContain('Call [phone]');
  expect(first?.seconds).toBe(3 * 86_400);
  const [used] = await database.owner`select request_id from usage_logs where request_id = ${first?.requestId}`;
  expect(used).toBeDefined();

  const stream = await gateway.post('/v1/chat/completions', { ...ask, stream: true }, mine.owner);
  expect(await stream.text()).toContain('tr@exam');
  const [, second] = await rows(2);
  expect(JSON.parse(second?.answer)).toEqual({
    answers: [{ content: 'Write to [email], [phone].', reasoning: '', toolCalls: [], finishReason: 'stop' }],
  });

  const message = { model: 'default', max_tokens: 10, stream: true, messages: ask.messages };
  expect(await (await gateway.post('/v1/messages', message, mine.owner)).text()).toContain('message_stop');
  const [, , third] = await rows(3);
  expect([third?.dialect, JSON.parse(third?.answer).answers[0].content]).toEqual([
    'messages',
    'Write to [email], [phone].',
  ]);

  const failing = { ...ask, messages: [{ role: 'user', content: 'fail' }] };
  expect((await gateway.post('/v1/chat/completions', failing, mine.owner)).status).toBe(400);
  expect((await rows(4))[3]).toMatchObject({ target: null, answer: null });
});
