import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CallbackOptions, type FalServer, startFalServer } from '../../../testing/images/fal-server.ts';
import { lookupOf } from '../../../testing/images/lookup.ts';
import { FAILED_PROMPT, REFUSED_PROMPT } from '../../../testing/images/rules.ts';
import type { ImageModel, ImageProgress } from '../../image-model.ts';
import { anImageTask } from '../conformance-image.ts';
import { describeImageServer } from '../conformance-image-server.ts';
import { appOf } from './addresses.ts';
import { createFalModel } from './fal-model.ts';

const soon = () => AbortSignal.timeout(10_000);
const MODEL = 'fal-ai/flux/schnell';

const openAt = (server: FalServer, origin: string, allowedHosts: readonly string[], now?: () => number) =>
  createFalModel({
    ...{ apiKey: server.key, baseUrl: origin, jwksUrl: server.jwksUrl, allowedHosts, resolve: lookupOf },
    ...(now && { now }),
  });
const open = (server: FalServer, now?: () => number) => openAt(server, server.origin, [server.host], now);

describeImageServer('fal', async () => {
  const server = await startFalServer();
  return {
    server,
    open: () => open(server),
    openAt: (origin, allowedHosts) => openAt(server, origin, allowedHosts),
    model: MODEL,
    taken: () => server.tasks.length,
    async reach(stage) {
      for (const task of server.tasks) task.stage = stage === 'running' ? 'IN_PROGRESS' : 'COMPLETED';
    },
    prompts: { refused: REFUSED_PROMPT, failed: FAILED_PROMPT },
    isSynchronous: false,
    secret: server.key,
    close: () => server.close(),
  };
});

let server: FalServer;
let model: ImageModel;
beforeEach(async () => {
  server = await startFalServer();
  model = open(server);
});
afterEach(() => server.close());

async function submit(callbackUrl?: string): Promise<string> {
  const begun = await model.submit(anImageTask({ model: MODEL }), { callbackUrl, signal: soon() });
  return 'reference' in begun ? begun.reference : '';
}

/** Where a task stands whose result is this. */
async function ended(result: {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}): Promise<ImageProgress> {
  const reference = await submit();
  Object.assign(server.tasks.at(-1) ?? {}, { stage: 'COMPLETED', failure: result });
  return model.look(reference, soon());
}

describe('a submit', () => {
  it('goes to the path of the model, and all else to its app', async () => {
    const reference = await submit();
    await model.look(reference, soon());
    await model.cancel(reference, soon());
    const [{ id = '' } = {}] = server.tasks;
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /fal-ai/flux/schnell',
      `GET /fal-ai/flux/requests/${id}/status`,
      `PUT /fal-ai/flux/requests/${id}/cancel`,
    ]);
  });

  it('names where to call back', async () => {
    await submit('https://pandect.example/api/images/callbacks/fal/1.a?b=c&d');
    expect(server.tasks[0]?.webhook).toBe('https://pandect.example/api/images/callbacks/fal/1.a?b=c&d');
  });

  it.each([
    ['another host', 'http://169.254.169.254/fal-ai/other/requests/'],
    ['a longer name', 'SELF.evil.example/fal-ai/other/requests/'],
    ['another task', 'SELF/fal-ai/other/requests/x'],
    ['nothing', undefined],
  ])('keeps to its own server when the answer names addresses of %s', async (_, address) => {
    const response_url = address && `${address.replace('SELF', server.origin)}${'0'.repeat(8)}`;
    server.disturbSubmits({ status: 200, body: { request_id: '00000000', response_url } });
    expect(await submit()).toBe('fal-ai/flux/requests/00000000');
  });

  it('follows the addresses of the answer at its own server', async () => {
    const response_url = `${server.origin}/fal-ai/other/requests/00000000`;
    server.disturbSubmits({ status: 200, body: { request_id: '00000000', response_url } });
    expect(await submit()).toBe('fal-ai/other/requests/00000000');
  });

  it.each(['../../evil', 'a b', '', 7, null, 'a'.repeat(200)])('is uncertain when its id is %j', async (request_id) => {
    server.disturbSubmits({ status: 200, body: { request_id } });
    await expect(submit()).rejects.toMatchObject({ name: 'UncertainSubmit' });
  });

  it('is refused when the prompt is (case 16)', async () => {
    const detail = [{ loc: ['body', 'prompt'], msg: 'x', type: 'content_policy_violation' }];
    for (const body of [{ detail }, detail]) {
      server.disturbSubmits({ status: 422, body });
      await expect(submit()).rejects.toMatchObject({
        retryable: false,
        end: { outcome: 'refused', maybeCharged: false },
      });
    }
  });
});

describe('the end of a task', () => {
  const typed = (type: string) => ({ detail: [{ loc: ['body'], msg: 'x', type }] });
  it.each<[number, unknown, object]>([
    [422, typed('content_policy_violation'), { outcome: 'refused', maybeCharged: true }],
    [422, [{ type: 'content_policy_violation' }], { outcome: 'refused', maybeCharged: true }],
    [422, { detail: 'Wrong' }, { outcome: 'failed', reason: 'provider-refused-settings', maybeCharged: true }],
    [500, typed('internal_server_error'), { outcome: 'failed', reason: 'provider-down', maybeCharged: false }],
    [504, typed('generation_timeout'), { outcome: 'failed', reason: 'timed-out', maybeCharged: false }],
    [
      503,
      { detail: 'x', error_type: 'runner_disconnected' },
      { outcome: 'failed', reason: 'provider-down', maybeCharged: false },
    ],
    [
      504,
      { detail: 'x', error_type: 'request_timeout' },
      { outcome: 'failed', reason: 'timed-out', maybeCharged: false },
    ],
    [200, {}, { outcome: 'failed', reason: 'no-picture', maybeCharged: true }],
    [200, { images: [] }, { outcome: 'failed', reason: 'no-picture' }],
    [200, { images: [{ url: 'http://169.254.169.254/x.png' }] }, { outcome: 'failed', reason: 'no-picture' }],
    [404, { detail: 'Not found' }, { outcome: 'gone' }],
  ])('whose result is %i with %j', async (status, body, expected) => {
    expect(await ended({ status, body })).toMatchObject({ state: 'finished', ...expected });
  });

  it('is not known while a proxy answers for it', async () => {
    await expect(ended({ status: 502, body: '<html>' })).rejects.toMatchObject({ reason: 'broken' });
    await expect(ended({ status: 503, body: '<html>' })).rejects.toMatchObject({ reason: 'overloaded' });
  });

  it('says which pictures are not to be shown (case 17)', async () => {
    const reference = await submit();
    Object.assign(server.tasks[0] ?? {}, { stage: 'COMPLETED', flagged: [1] });
    const end = await model.look(reference, soon());
    expect(end).toMatchObject({ outcome: 'made', seed: 7, pictures: [{ flagged: false }, { flagged: true }] });
  });

  it('is gone when its files are (case 33)', async () => {
    const reference = await submit();
    Object.assign(server.tasks[0] ?? {}, { stage: 'COMPLETED' });
    const end = await model.look(reference, soon());
    if (!('outcome' in end) || end.outcome !== 'made') throw new Error('made none');
    server.expireFiles();
    const picture = end.pictures[0]?.picture ?? { url: '' };
    await expect(model.fetch(picture, { maxBytes: 9_000_000, signal: soon() })).rejects.toMatchObject({
      name: 'ImageGone',
    });
  });
});

describe('cancelling', () => {
  it('ends what waits, and asks what runs to stop', async () => {
    const [waiting, running] = [await submit(), await submit()];
    Object.assign(server.tasks[1] ?? {}, { stage: 'IN_PROGRESS' });
    expect(await model.cancel(waiting, soon())).toBe('cancelled');
    expect(await model.cancel(running, soon())).toBe('asked');
    expect(await model.look(waiting, soon())).toEqual({ state: 'finished', outcome: 'cancelled' });
    expect(await model.look(running, soon())).toEqual({ state: 'running' });
  });
});

describe('a callback', () => {
  /** What is read of a callback that was changed on its way. */
  async function read(options: CallbackOptions = {}, change: (headers: Headers, body: Buffer) => unknown = () => {}) {
    const reference = await submit();
    const { headers, body } = server.callback(server.tasks.at(-1) as FalServer['tasks'][number], options);
    const received = new Headers(headers);
    const changed = change(received, body);
    return { reference, told: await model.readCallback?.(received, Buffer.isBuffer(changed) ? changed : body, MODEL) };
  }
  const seconds = (more: number) => Math.floor(Date.now() / 1000) + more;

  it('names its task, and the same delivery each time', async () => {
    const { reference, told } = await read();
    expect(told?.reference).toBe(reference);
    const task = server.tasks[0] as FalServer['tasks'][number];
    const { headers, body } = server.callback(task, { secondsFromNow: 60 });
    expect(await model.readCallback?.(new Headers(headers), body, MODEL)).toEqual(told);
  });

  it.each<[string, CallbackOptions, ((headers: Headers, body: Buffer) => unknown)?]>([
    ['was signed with another key', { key: generateKeyPairSync('ed25519').privateKey }],
    ['is older than five minutes', { secondsFromNow: -310 }],
    ['is of the future', { secondsFromNow: 330 }],
    ['has another body', {}, (_, body) => Buffer.from(body.toString().replace('OK', 'ERROR'))],
    ['has another user', {}, (headers) => headers.set('x-fal-webhook-user-id', 'user-2')],
    ['has another time', {}, (headers) => headers.set('x-fal-webhook-timestamp', String(seconds(1)))],
    ['has no signature', {}, (headers) => headers.delete('x-fal-webhook-signature')],
    ['has half a signature', {}, (headers) => headers.set('x-fal-webhook-signature', 'ab'.repeat(32))],
    ['has a signature of words', {}, (headers) => headers.set('x-fal-webhook-signature', 'signed')],
    ['has no time', {}, (headers) => headers.delete('x-fal-webhook-timestamp')],
  ])('is not taken when it %s', async (_, options, change) => {
    expect((await read(options, change)).told).toBeUndefined();
  });

  const asksForKeys = () => server.requests.filter(({ path }) => path.endsWith('jwks.json')).length;

  it('asks for keys once, and not again for each forged one', async () => {
    for (let time = 0; time < 3; time += 1) await read();
    for (let time = 0; time < 3; time += 1) await read({ key: generateKeyPairSync('ed25519').privateKey });
    expect(asksForKeys()).toBe(1);
  });

  it('is taken with a new key after a minute', async () => {
    let ms = Date.now();
    model = open(server, () => ms);
    await read();
    server.rotateKeys();
    expect((await read()).told).toBeUndefined();
    ms += 61_000;
    expect((await read()).told).toBeDefined();
    expect(asksForKeys()).toBe(2);
  });

  it('cannot be read without keys', async () => {
    server.disturb({ status: 500, body: '' });
    await expect(read()).rejects.toMatchObject({ name: 'AiFailure', reason: 'unreachable' });
    expect((await read()).told).toBeDefined();
  });
});

it.each([
  ['fal-ai/flux/dev', 'fal-ai/flux'],
  ['fal-ai/fast-sdxl', 'fal-ai/fast-sdxl'],
  ['workflows/owner/name/path', 'workflows/owner/name'],
])('the app of %s is %s', (model, app) => {
  expect(appOf(model)).toBe(app);
});
