import { expect, it, onTestFinished } from 'vitest';
import { startS3Server } from '../../platform/testing/s3-server.ts';
import type { Credential, TestGateway } from './gateway.fixture.ts';
import { gatewayScene } from './gateway.fixture.ts';

const scene = await gatewayScene();
const caller = await scene.keyFor(scene.mine.owner);

async function onS3() {
  const server = await startS3Server();
  onTestFinished(server.close);
  const { accessKeyId, secretAccessKey, region, bucket, endpoint } = server;
  const environment = {
    ...{ STORAGE: 's3', S3_ENDPOINT: endpoint, S3_REGION: region, S3_BUCKET: bucket },
    ...{ S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey },
  };
  return { server, environment };
}

const content = `${JSON.stringify({ custom_id: 'one', method: 'POST', url: '/v1/chat/completions', body: {} })}\n`;

async function upload(gateway: TestGateway, as: Credential): Promise<string> {
  const body = new FormData();
  body.set('file', new Blob([content]), 'requests.jsonl');
  body.set('purpose', 'batch');
  const headers = { authorization: `Bearer ${as.token}` };
  const response = await fetch(`${gateway.url}/v1/files`, { method: 'POST', body, headers });
  expect(response.status, await response.clone().text()).toBe(200);
  return ((await response.json()) as { id: string }).id;
}

it.each(['local', 's3'])('content of a file on %s is given whole, and in parts', async (storage) => {
  const s3 = storage === 's3' ? await onS3() : undefined;
  const { gateway } = await scene.withUpstream([], s3?.environment ?? {});
  const id = await upload(gateway, caller);
  const path = `/v1/files/${id}/content`;
  const whole = await gateway.get(path, caller);
  expect([whole.status, whole.headers.get('accept-ranges'), await whole.text()]).toEqual([200, 'bytes', content]);
  const part = await gateway.get(path, caller, { range: 'bytes=2-10' });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 2-10/${content.length}`]);
  expect(await part.text()).toBe(content.slice(2, 11));
  const same = await gateway.get(path, caller, { range: 'bytes=-4', 'if-range': `${whole.headers.get('etag')}` });
  expect([same.status, await same.text()]).toEqual([206, content.slice(-4)]);
  const outside = await gateway.get(path, caller, { range: `bytes=${content.length}-` });
  expect([outside.status, outside.headers.get('content-range')]).toEqual([416, `bytes */${content.length}`]);
  expect(await outside.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  if (s3) expect(await s3.server.countObjects()).toBe(1);
});

it('a file whose content is lost looks like one that is missing', async () => {
  const s3 = await onS3();
  const { gateway } = await scene.withUpstream([], s3.environment);
  const id = await upload(gateway, caller);
  s3.server.fail('GET', { kind: 'refuse', status: 404, code: 'NoSuchKey' });
  const response = await gateway.get(`/v1/files/${id}/content`, caller);
  expect(response.status).toBe(404);
});
