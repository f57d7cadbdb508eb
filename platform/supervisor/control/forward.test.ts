import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, afterEach, expect, it } from 'vitest';
import { describeFailure } from './control.ts';
import { forward } from './forward.ts';

const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
const path = join(folder, 'function.sock');
const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});
afterAll(() => rm(folder, { recursive: true }));

async function serve(listener: RequestListener): Promise<void> {
  const server = createServer(listener).listen(path);
  servers.push(server);
  await once(server, 'listening');
}
const control = new Hono().all('/operator/*', (c) => forward(c, 'operator', path));
control.onError(describeFailure);

const post = (init: RequestInit = {}) =>
  control.request('/operator/jobs/list?a=1', { method: 'POST', body: '{"limit":1}', ...init });

it('passes on method, address and body, and the answer back', async () => {
  await serve(async (request, response) => {
    const body = await request.setEncoding('utf8').toArray();
    response.end(JSON.stringify([request.method, request.url, request.headers['content-type'], body.join('')]));
  });
  const answer = await post();
  expect([answer.status, await answer.json()]).toEqual([
    200,
    ['POST', '/operator/jobs/list?a=1', 'application/json', '{"limit":1}'],
  ]);
});

it.each([
  [409, '{"message":"Roll index back: none is kept"}', 'Roll index back: none is kept'],
  [400, '{"type":"x","title":"Bad","detail":"The body is too large"}', 'The body is too large'],
  [500, '{"message":"Failed query"}', 'Ask operator: Failed query; pandect logs operator tells why'],
  [503, '{"type":"x","title":"Unavailable"}', 'Ask operator: Unavailable; pandect logs operator tells why'],
  [502, '<html>', 'Ask operator: it answered 502; pandect logs operator tells why'],
])('says what an answer %s with %j means', async (status, said, message) => {
  await serve((_, response) => response.writeHead(status).end(said));
  const answer = await post();
  expect([answer.status, await answer.json()]).toEqual([status, { message }]);
});

it('names the function that does not answer, and where to look', async () => {
  const answer = await post();
  expect(answer.status).toBe(503);
  expect(await answer.text()).toMatch(/Ask operator: connect ENOENT .+; pandect logs operator tells why/);
});

it('ends the request of a command that ended', async () => {
  const ended = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await serve((_, response) => {
    asked.resolve();
    response.on('close', ended.resolve);
  });
  const command = new AbortController();
  const answer = post({ signal: command.signal });
  await asked.promise;
  command.abort();
  expect((await answer).status).toBe(503);
  await ended.promise;
});
