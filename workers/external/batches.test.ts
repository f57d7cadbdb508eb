import OpenAI, { toFile } from 'openai';
import { describe, expect, it } from 'vitest';
import { completion } from '../../functions/gateway/gateway.fixture.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { jsonReply, type UpstreamVisit } from '../../modules/testing/upstream-server.ts';
import { externalScene } from './scene.fixture.ts';

const { database, mine, open, keyFor } = await externalScene();
type Scene = Awaited<ReturnType<typeof open>>;

const line = (id: string, content = id, change: object = {}) =>
  JSON.stringify({
    ...{ custom_id: id, method: 'POST', url: '/v1/chat/completions' },
    body: { model: 'small', messages: [{ role: 'user', content }] },
    ...change,
  });
/** An upstream that repeats what it was asked, and refuses "bad". */
const echo = ({ body }: UpstreamVisit) => {
  const { messages } = JSON.parse(body.toString()) as { messages: { content: string }[] };
  const content = messages[0]?.content ?? '';
  return content === 'bad'
    ? jsonReply({ error: { message: 'no', type: 'invalid_request_error', code: 'bad' } }, 400)
    : jsonReply(completion(`${content} 🙂`));
};
const clientOf = ({ gateway }: Scene, as = mine.owner) =>
  new OpenAI({ apiKey: as.token, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
async function submit(client: OpenAI, lines: string[]) {
  const file = await client.files.create({
    purpose: 'batch',
    file: await toFile(Buffer.from(lines.join('\n')), 'in.jsonl'),
  });
  const endpoint = '/v1/chat/completions';
  return client.batches.create({
    input_file_id: file.id,
    endpoint,
    completion_window: '24h',
    metadata: { of: 'test' },
  });
}
const resultsOf = async (client: OpenAI, id: string | null | undefined) =>
  (await (await client.files.content(id ?? '')).text())
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));
const status = async (call: Promise<unknown>) =>
  call.then(
    () => 200,
    (error: { status: number }) => error.status,
  );

describe('files of the gateway', () => {
  it('are uploaded, listed, read and deleted by the official client', async () => {
    const scene = await open(echo);
    const client = clientOf(scene, (await testOrganization(database)).owner);
    const make = async (name: string) =>
      client.files.create({ purpose: 'batch', file: await toFile(Buffer.from(`Файл ${name}`), `${name}.jsonl`) });
    const [one, two, three] = [await make('one'), await make('two'), await make('three')];
    expect(one).toMatchObject({
      object: 'file',
      purpose: 'batch',
      filename: 'one.jsonl',
      bytes: 12,
      status: 'processed',
    });
    expect(await client.files.retrieve(one.id)).toEqual(one);
    expect(await (await client.files.content(two.id)).text()).toBe('Файл two');
    const names: string[] = [];
    for await (const { filename } of client.files.list({ limit: 2, order: 'asc' })) names.push(filename);
    expect(names).toEqual(['one.jsonl', 'two.jsonl', 'three.jsonl']);
    expect(await client.files.delete(three.id)).toEqual({ id: three.id, object: 'file', deleted: true });
    expect(await status(client.files.retrieve(three.id))).toBe(404);
    const [kept] = await database.owner`select count(*)::int as n from deleted_files`;
    expect(kept?.n).toBeGreaterThan(0);
  });

  it.each([
    ['another purpose', { purpose: 'fine-tune', file: new File(['x'], 'a') }, 400, 'invalid_request'],
    ['no file', { purpose: 'batch' }, 400, 'malformed_multipart'],
    ['too many bytes', { purpose: 'batch', file: new File(['x'.repeat(2000)], 'a') }, 413, 'payload_too_large'],
  ])('are refused with %s, and leave nothing', async (_, fields, code, type) => {
    const scene = await open(echo, { GATEWAY_FILE_BYTES: '1024' });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const headers = { authorization: `Bearer ${mine.owner.token}` };
    const response = await fetch(`${scene.gateway.url}/v1/files`, { method: 'POST', body: form, headers });
    const { error } = (await response.json()) as { error: { code: string } };
    expect([response.status, error.code]).toEqual([code, type]);
    const held: string[] = [];
    for await (const { key } of scene.worker.deps.storage.list()) held.push(key);
    expect(held).toEqual([]);
  });

  it('and batches are not there for other organizations', async () => {
    const scene = await open(echo);
    const batch = await submit(clientOf(scene), [line('a')]);
    const other = clientOf(scene, (await testOrganization(database)).owner);
    const calls = [
      other.files.retrieve(batch.input_file_id),
      other.files.content(batch.input_file_id),
      other.files.delete(batch.input_file_id),
      other.batches.retrieve(batch.id),
      other.batches.cancel(batch.id),
    ];
    expect(await Promise.all(calls.map(status))).toEqual([404, 404, 404, 404, 404]);
    const endpoint = '/v1/chat/completions';
    const create = { input_file_id: batch.input_file_id, endpoint, completion_window: '24h' } as const;
    expect(await status(other.batches.create(create))).toBe(400);
    expect((await other.batches.list()).data).toEqual([]);
  });
});

describe('a batch', () => {
  it('is checked, made and written by the official client’s rules', async () => {
    const scene = await open(echo);
    const client = clientOf(scene);
    const batch = await submit(client, [line('a'), line('b', 'bad'), '', line('c')]);
    expect(batch).toMatchObject({
      object: 'batch',
      status: 'validating',
      metadata: { of: 'test' },
      completion_window: '24h',
    });
    await scene.work();
    const done = await client.batches.retrieve(batch.id);
    expect(done).toMatchObject({ status: 'completed', request_counts: { total: 3, completed: 2, failed: 1 } });
    const output = await resultsOf(client, done.output_file_id);
    expect(
      output.map((each) => [
        each.custom_id,
        each.response.status_code,
        each.response.body.choices[0].message.content,
        each.error,
      ]),
    ).toEqual([
      ['a', 200, 'a 🙂', null],
      ['c', 200, 'c 🙂', null],
    ]);
    const errors = await resultsOf(client, done.error_file_id);
    expect(errors).toMatchObject([
      { custom_id: 'b', response: { status_code: 400, body: { error: { code: 'upstream_refused' } } } },
    ]);
    expect(await database.owner`select 1 from async_calls where batch_id is not null`).toHaveLength(0);
    expect((await client.batches.list({ limit: 1 })).data[0]?.id).toBe(batch.id);
    expect(await status(client.batches.cancel(batch.id))).toBe(409);
  });

  it('whose file is wrong fails with the numbers of the lines, and makes no call', async () => {
    const scene = await open(echo);
    const client = clientOf(scene);
    const batch = await submit(client, [
      line('a'),
      'no json',
      line('a'),
      line('d', 'x', { body: { model: 'nowhere', messages: [{ role: 'user', content: 'x' }] } }),
    ]);
    await scene.work();
    const failed = await client.batches.retrieve(batch.id);
    expect(failed.status).toBe('failed');
    expect(failed.errors?.data?.map(({ line: at, code, param }) => [at, code, param])).toEqual([
      [2, 'invalid_json_line', null],
      [3, 'duplicate_custom_id', 'custom_id'],
      [4, 'invalid_body', 'body.model'],
    ]);
    expect(scene.upstream.visits).toHaveLength(0);
  });

  it('whose organization has no budget for it answers each line so, and is counted and named for each', async () => {
    const scene = await open(echo);
    const organization = await testOrganization(database);
    const client = clientOf(scene, organization.owner);
    const batch = await submit(client, [line('a'), line('b')]);
    await database.owner`
      insert into budgets (organization_id, scope, "window", limit_cost, hard) values (${organization.id}, 'organization', 'month', 1, true)`;
    await scene.work();
    const done = await client.batches.retrieve(batch.id);
    expect(done).toMatchObject({ status: 'completed', request_counts: { total: 2, completed: 0, failed: 2 } });
    expect(await resultsOf(client, done.error_file_id)).toMatchObject([
      { custom_id: 'a', response: { status_code: 429, body: { error: { code: 'insufficient_quota' } } } },
      { custom_id: 'b', response: { status_code: 429 } },
    ]);
    expect(await scene.worker.boot.metrics.expose()).toContain('pandect_refused_total{reason="budget-exceeded"} 2');
    const named = { reason: 'budget-exceeded', organizationId: organization.id };
    expect(scene.worker.log.filter(({ message }) => message === 'Limit reached')).toMatchObject([named, named]);
    expect(scene.upstream.visits).toHaveLength(0);
  });

  it('whose key has ended when it is checked fails, and is counted as refused', async () => {
    const scene = await open(echo);
    const key = await keyFor(mine.owner);
    const batch = await submit(clientOf(scene, { ...mine.owner, ...key }), [line('a')]);
    await database.owner`update api_keys set revoked_at = now() where id = ${key.id}`;
    await scene.work();
    const failed = await clientOf(scene).batches.retrieve(batch.id);
    expect([failed.status, failed.errors?.data]).toMatchObject(['failed', [{ code: 'unauthenticated' }]]);
    const figures = await scene.worker.boot.metrics.expose();
    expect(figures).toContain('pandect_refused_total{reason="unauthenticated"} 1');
    expect(scene.worker.log.filter(({ message }) => message === 'Limit reached')).toEqual([]);
  });

  it('that is cancelled stops its calls and keeps what was answered', async () => {
    let asked = 0;
    const scene = await open((visit) => (++asked <= 3 ? echo(visit) : { steps: ['hang'] }));
    const client = clientOf(scene);
    const batch = await submit(
      client,
      Array.from({ length: 30 }, (_, n) => line(String(n))),
    );
    const working = scene.work();
    await expect.poll(() => scene.upstream.visits.length, { timeout: 20_000 }).toBeGreaterThan(5);
    expect((await client.batches.cancel(batch.id)).status).toBe('cancelling');
    await client.batches.cancel(batch.id);
    await scene.work();
    await working;
    const done = await client.batches.retrieve(batch.id);
    expect(done).toMatchObject({ status: 'cancelled', request_counts: { total: 30, completed: 3 } });
    expect(await resultsOf(client, done.output_file_id)).toHaveLength(3);
    const unmade = await resultsOf(client, done.error_file_id);
    expect(unmade).toHaveLength(27);
    expect(unmade[0]).toMatchObject({ response: null, error: { code: 'batch_cancelled' } });
    expect(scene.upstream.visits.length).toBeLessThan(15);
  });

  it('whose window is over is expired, with what was not made', async () => {
    const scene = await open(echo);
    const client = clientOf(scene);
    const batch = await submit(client, [line('a'), line('b')]);
    await database.owner`update batches set expires_at = now() where state = 'validating'`;
    await scene.work();
    const done = await client.batches.retrieve(batch.id);
    expect(done).toMatchObject({
      status: 'expired',
      output_file_id: null,
      request_counts: { completed: 0, failed: 0 },
    });
    expect((await resultsOf(client, done.error_file_id)).map(({ error }) => error.code)).toEqual([
      'batch_expired',
      'batch_expired',
    ]);
    expect(scene.upstream.visits).toHaveLength(0);
  });
});
