import { describe, expect, it } from 'vitest';
import { probes } from './probe.fixture.ts';

const probe = await probes();

describe('problems', () => {
  it('are documents in the caller’s language with status, parameters, headers and the request’s id', async () => {
    const app = await probe();
    const response = await app.request('GET /api/probe/problem', {
      headers: { 'accept-language': 'ru-RU,ru;q=0.9', 'x-request-id': 'my-request-1' },
    });
    expect(response.status).toBe(429);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('content-language')).toBe('ru');
    expect(response.headers.get('retry-after')).toBe('60');
    expect(await response.json()).toEqual({
      type: 'urn:pandect:problem:daily-questions-used',
      title: 'Превышен дневной лимит запросов',
      status: 429,
      detail: 'Превышен дневной лимит запросов (10)',
      limit: 10,
      instance: 'urn:request:my-request-1',
    });
  });

  it('are in English when no language of ours is asked for', async () => {
    const app = await probe();
    for (const language of ['de', '', 'en-GB', 'ru;q=0']) {
      const { body } = await app.json('GET /api/probe/problem', { headers: { 'accept-language': language } });
      expect(body.title).toBe('Daily question limit reached');
    }
  });

  it('are written as the function says, those of the layers around its routes among them', async () => {
    const app = await probe(undefined, {
      writeProblem: ({ type, status, headers }, { path, requestId }) => ({
        ...{ status, headers: { ...headers, 'content-type': 'text/plain' } },
        body: [type, path, requestId].join(' '),
      }),
    });
    for (const [call, options, ...expected] of [
      ['GET /api/probe/problem?of=it', {}, 429, 'daily-questions-used /api/probe/problem'],
      ['GET /api/probe/nothing', {}, 404, 'not-found /api/probe/nothing'],
      ['GET /api/probe/secret', {}, 500, 'internal /api/probe/secret'],
      [
        'POST /api/probe/echo',
        { json: {}, headers: { 'content-length': '2000' } },
        413,
        'payload-too-large /api/probe/echo',
      ],
      [
        'POST /api/probe/echo',
        { body: 'x', headers: { 'content-length': '1' } },
        415,
        'unsupported-media-type /api/probe/echo',
      ],
      ['GET /api/probe/slow', {}, 504, 'timeout /api/probe/slow'],
    ] as const) {
      const headers = { ...('headers' in options && options.headers), 'x-request-id': 'my-request-1' };
      const response = await app.request(call, { ...options, headers });
      expect([response.status, await response.text()]).toEqual([expected[0], `${expected[1]} my-request-1`]);
      expect(response.headers.get('content-type')).toBe('text/plain');
      expect(response.headers.get('x-request-id')).toBe('my-request-1');
    }
  });

  it('show nothing of what went wrong inside, and log it', async () => {
    const app = await probe();
    const { status, body } = await app.json('GET /api/probe/secret', { headers: { 'x-request-id': 'my-request-2' } });
    expect(status).toBe(500);
    expect(body).toMatchObject({ type: 'urn:pandect:problem:internal', instance: 'urn:request:my-request-2' });
    expect(JSON.stringify(body)).not.toMatch(/vault|Error|at /);
    const logged = app.log.find(({ level }) => level === 'error');
    expect(logged).toMatchObject({
      requestId: 'my-request-2',
      message: 'Request failed',
      problem: 'internal',
      error: { message: 'password of the vault is 1234' },
    });
  });

  it('never bring a user’s words into the log, not even those of a failed query', async () => {
    const app = await probe();
    const { status } = await app.json('GET /api/probe/query?words=Иванов%20И.%20И.');
    expect(status).toBe(500);
    expect(app.log.find(({ level }) => level === 'error')).toMatchObject({
      error: { message: 'Query failed', cause: { code: '22P02' } },
    });
    expect(JSON.stringify(app.log)).not.toContain('Иванов');
  });

  it('end a request that takes longer than its function allows', async () => {
    const app = await probe();
    const { status, body } = await app.json('GET /api/probe/slow');
    expect([status, body.type, body.detail]).toEqual([
      504,
      'urn:pandect:problem:timeout',
      'The request did not finish within 1 s',
    ]);
  });

  it.each(['GET /api/probe/nothing', 'DELETE /api/probe/echo', 'GET /elsewhere'] as const)(
    'say that %s is not there',
    async (call) => {
      const { status, body } = await (await probe()).json(call);
      expect([status, body.type]).toEqual([404, 'urn:pandect:problem:not-found']);
    },
  );
});
