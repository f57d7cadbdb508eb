import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookupOf } from '../../../testing/images/lookup.ts';
import { FAILED_PROMPT, REFUSED_PROMPT } from '../../../testing/images/rules.ts';
import { type RunpodServer, type RunpodTask, startRunpodServer } from '../../../testing/images/runpod-server.ts';
import type { ImageModel, ImageProgress } from '../../image-model.ts';
import { anImageTask } from '../conformance-image.ts';
import { describeImageServer } from '../conformance-image-server.ts';
import { createRunpodModel } from './runpod-model.ts';

const soon = () => AbortSignal.timeout(10_000);

const openAt = ({ key }: RunpodServer, origin: string, allowedHosts: readonly string[], fileHosts: string[] = []) =>
  createRunpodModel({ apiKey: key, baseUrl: `${origin}/v2/`, allowedHosts, fileHosts, resolve: lookupOf });
const open = (server: RunpodServer) => openAt(server, server.origin, [server.host]);

describeImageServer('runpod', async () => {
  const server = await startRunpodServer();
  return {
    server,
    open: () => open(server),
    openAt: (origin, allowedHosts) => openAt(server, origin, allowedHosts),
    model: server.endpoint,
    taken: () => server.tasks.length,
    async reach(stage) {
      for (const task of server.tasks) {
        if (stage === 'running') server.run(task);
        else await server.finish(task);
      }
    },
    prompts: { refused: REFUSED_PROMPT, failed: FAILED_PROMPT },
    isSynchronous: false,
    secret: server.key,
    close: () => server.close(),
  };
});

let server: RunpodServer;
let model: ImageModel;
beforeEach(async () => {
  server = await startRunpodServer();
  model = open(server);
});
afterEach(() => server.close());

async function submit(callbackUrl?: string): Promise<string> {
  const begun = await model.submit(anImageTask({ model: server.endpoint }), { callbackUrl, signal: soon() });
  return 'reference' in begun ? begun.reference : '';
}

/** Where a task stands that looks like this. */
async function standing(task: Partial<RunpodTask>): Promise<ImageProgress> {
  const reference = await submit();
  Object.assign(server.tasks.at(-1) ?? {}, task);
  return model.look(reference, soon());
}

it('submits with where to call back, and longer lives than a task may wait and run', async () => {
  await submit('https://pandect.example/api/images/callbacks/runpod/1.a');
  const [{ webhook, policy } = {}] = server.tasks;
  expect(webhook).toBe('https://pandect.example/api/images/callbacks/runpod/1.a');
  expect(policy?.ttl).toBeGreaterThanOrEqual((policy?.executionTimeout ?? 0) + 1_800_000 + 900_000);
});

describe('the progress of a worker', () => {
  it.each<[unknown, number | undefined]>([
    [{ progress: 0.4 }, 0.4],
    [0.25, 0.25],
    ['3/8', 0.375],
    ['3 / 4', 0.75],
    [{ progress: '1/2' }, 0.5],
    [undefined, undefined],
    ['half', undefined],
    [{ progress: 40 }, undefined],
    [-1, undefined],
    ['8/0', undefined],
    ['9/8', undefined],
    [{ step: 3 }, undefined],
    [[0.5], undefined],
    [Number.NaN, undefined],
  ])('of %j is %s', async (output, share) => {
    const progress = { state: 'running', ...(share !== undefined && { share }) };
    expect(await standing({ state: 'IN_PROGRESS', output })).toEqual(progress);
    expect(await standing({ state: 'RUNNING' as 'IN_PROGRESS', output })).toEqual(progress);
  });
});

describe('the end of a task', () => {
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
  const noPicture = { outcome: 'failed', reason: 'no-picture', maybeCharged: true };
  const made = { outcome: 'made', pictures: [{ picture: { base64: png }, flagged: false }] };

  it.each<[Partial<RunpodTask>, object]>([
    [{ state: 'FAILED' }, noPicture],
    [{ state: 'TIMED_OUT' }, { outcome: 'failed', reason: 'timed-out', maybeCharged: true }],
    [{ state: 'CANCELLED' }, { outcome: 'cancelled' }],
    // Case 32: the result was too large for RunPod.
    [{ state: 'COMPLETED', output: undefined }, noPicture],
    [{ state: 'COMPLETED', output: {} }, noPicture],
    [{ state: 'COMPLETED', output: { images: [] } }, noPicture],
    [{ state: 'COMPLETED', output: { error: 'out of memory', refresh_worker: true } }, noPicture],
    [{ state: 'COMPLETED', output: { status: 'error', message: 'no node' } }, noPicture],
    [{ state: 'COMPLETED', output: { image_url: 'http://169.254.169.254/x.png' } }, noPicture],
    [
      { state: 'COMPLETED', output: { error: 'content_policy_violation' } },
      { outcome: 'refused', maybeCharged: true },
    ],
    [{ state: 'COMPLETED', output: { error: { code: 'content_policy_violation' } } }, { outcome: 'refused' }],
    [{ state: 'COMPLETED', output: png }, made],
    [{ state: 'COMPLETED', output: [`data:image/png;base64,${png}`] }, made],
    [{ state: 'COMPLETED', output: { images: [{ filename: 'a.png', type: 'base64', data: png }] } }, made],
    [{ state: 'COMPLETED', output: { image: png } }, made],
    [{ state: 'COMPLETED', output: { message: png, status: 'success' } }, made],
    [
      { state: 'COMPLETED', output: { images: [png, png], nsfw: [false, true], seed: 9 } },
      { outcome: 'made', seed: 9, pictures: [{ flagged: false }, { flagged: true }] },
    ],
  ])('that looks like %j', async (task, expected) => {
    expect(await standing(task)).toMatchObject({ state: 'finished', ...expected });
  });

  it('may be at the hosts that workers upload to', async () => {
    model = openAt(server, server.origin, [server.host, 'bucket.example'], ['bucket.example']);
    const url = 'https://bucket.example/1.png?X-Amz-Signature=1';
    const ended = await standing({ state: 'COMPLETED', output: { images: [{ type: 's3_url', data: url }] } });
    expect(ended).toMatchObject({ outcome: 'made', pictures: [{ picture: { url } }] });
  });

  it('looks like that of a task that there never was, once its result is gone (case 33)', async () => {
    const reference = await submit();
    await server.finish(server.tasks[0] as RunpodTask);
    expect(await model.look(reference, soon())).toMatchObject({ outcome: 'made' });
    server.forget();
    expect(await model.look(reference, soon())).toEqual({ state: 'finished', outcome: 'gone' });
    expect(await model.cancel(reference, soon())).toBe('too-late');
  });

  it('is not known while the state is none', async () => {
    await expect(standing({ state: 'PAUSED' as 'FAILED' })).rejects.toMatchObject({ reason: 'broken' });
  });
});

it('cancels what runs', async () => {
  const reference = await submit();
  server.run(server.tasks[0] as RunpodTask);
  expect(await model.cancel(reference, soon())).toBe('cancelled');
  expect(await model.look(reference, soon())).toEqual({ state: 'finished', outcome: 'cancelled' });
});

it.each<[string, object | undefined]>([
  ['{"id":"abc-e1","status":"COMPLETED"}', { reference: 'abc123def456/abc-e1' }],
  ['{"id":"../x","status":"COMPLETED"}', undefined],
  ['{"status":"COMPLETED"}', undefined],
  ['[]', undefined],
  ['', undefined],
])('reads of the callback %s which task it is of', async (body, expected) => {
  const told = await model.readCallback?.(new Headers(), Buffer.from(body), server.endpoint);
  if (expected) expect(told).toMatchObject(expected);
  else expect(told).toBeUndefined();
});
