import { afterEach, beforeEach, expect, it } from 'vitest';
import { lookupOf } from '../../../testing/images/lookup.ts';
import { type OpenAiImagesServer, startOpenAiImagesServer } from '../../../testing/images/openai-images-server.ts';
import { FAILED_PROMPT, REFUSED_PROMPT } from '../../../testing/images/rules.ts';
import type { ImageModel, ImageTask } from '../../image-model.ts';
import { anImageTask } from '../conformance-image.ts';
import { describeImageServer } from '../conformance-image-server.ts';
import { createOpenAiImageModel } from './openai-image-model.ts';

const MODEL = 'gpt-image-2';
const openAt = ({ key }: OpenAiImagesServer, origin: string, allowedHosts: readonly string[], submitMs = 20_000) =>
  createOpenAiImageModel({ apiKey: key, baseUrl: `${origin}/v1`, allowedHosts, submitMs, resolve: lookupOf });

describeImageServer('openai', async () => {
  const server = await startOpenAiImagesServer();
  return {
    server,
    open: () => openAt(server, server.origin, [server.host]),
    openAt: (origin, allowedHosts) => openAt(server, origin, allowedHosts),
    model: MODEL,
    taken: () => server.made,
    reach: async () => {},
    prompts: { refused: REFUSED_PROMPT, failed: FAILED_PROMPT },
    isSynchronous: true,
    secret: server.key,
    close: () => server.close(),
  };
});

let server: OpenAiImagesServer;
let model: ImageModel;
beforeEach(async () => {
  server = await startOpenAiImagesServer();
  model = openAt(server, server.origin, [server.host]);
});
afterEach(() => server.close());

const submit = (more: Partial<ImageTask> = {}) =>
  model.submit(anImageTask({ model: MODEL, ...more }), { signal: AbortSignal.timeout(10_000) }).catch((error) => error);

it('asks for a size and a number of pictures, and never for a response format (case 37)', async () => {
  await submit({ width: 1536, height: 1024, count: 1 });
  expect(server.requests[0]?.body).toEqual({
    ...{ model: MODEL, prompt: 'A lighthouse in the fog', n: 1, size: '1536x1024', output_format: 'png' },
  });
});

it('says that a blocked prompt was refused, and perhaps charged', async () => {
  expect(await submit({ prompt: REFUSED_PROMPT })).toEqual({ outcome: 'refused', maybeCharged: true });
});

it('begins nothing for a size that the model does not make', async () => {
  const failure = await submit({ width: 500 });
  expect(failure).toMatchObject({ name: 'NotAccepted', end: { reason: 'provider-refused-settings' } });
  expect(server.made).toBe(0);
});

it('takes fewer pictures than were asked for, and none for a failure (case 18)', async () => {
  const png = 'iVBORw0KGgoAAAANSUhEUg==';
  server.disturbSubmits({ status: 200, body: { data: [{ b64_json: png }] } });
  expect(await submit({ count: 4 })).toMatchObject({ outcome: 'made', pictures: [{ picture: { base64: png } }] });
  for (const data of [[], [{}], [{ url: 'http://169.254.169.254/x.png' }]]) {
    server.disturbSubmits({ status: 200, body: { data } });
    expect(await submit()).toEqual({ outcome: 'failed', reason: 'no-picture', maybeCharged: true });
  }
});

it('may have been charged when the answer does not come in time', async () => {
  model = openAt(server, server.origin, [server.host], 300);
  server.disturbSubmits('hang');
  expect(await submit()).toMatchObject({ name: 'UncertainSubmit' });
  expect(server.made).toBe(1);
});
