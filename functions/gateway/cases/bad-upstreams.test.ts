import { describe, expect, it } from 'vitest';
import { eventStream, jsonReply, sse, type UpstreamReply } from '../../../modules/testing/upstream-server.ts';
import { chunks, completion } from '../gateway.fixture.ts';
import { caseScenes, hello } from './case-scene.fixture.ts';

const { scene } = await caseScenes();
const path = '/v1/chat/completions';
const providerKey = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEF';
const picture = `data:image/png;base64,${'iVBORw0KGgo'.repeat(380_000)}`;
const MB = 1_048_576;
const json = { 'content-type': 'application/json' };

/** What went wrong, the status for a whole answer, and the one for a stream. */
const mistakes: [string, UpstreamReply, number, number][] = [
  ['garbage', { garbage: 'no HTTP\r\n\r\n' }, 502, 502],
  ['nothing, and closes', { garbage: '' }, 502, 502],
  ['nothing', { headersAfterMs: 60_000 }, 504, 504],
  ['headers alone', { headers: json, steps: ['hang'] }, 504, 504],
  ['text', { headers: json, steps: ['<html>busy</html>'] }, 502, 502],
  ['an endless line', eventStream({ bytes: 'x'.repeat(65_536), times: 2_000 }), 502, 502],
  ['an endless answer', { headers: json, steps: [{ bytes: ' '.repeat(65_536), times: 2_000 }] }, 502, 502],
  ['gzip that is none', { headers: { ...json, 'content-encoding': 'gzip' }, steps: ['plain'] }, 502, 502],
  ['an unknown encoding', { headers: { ...json, 'content-encoding': 'rot13' }, steps: ['plain'] }, 502, 502],
  ['a redirect', { status: 302, headers: { location: 'http://169.254.169.254/' } }, 502, 502],
  ['JSON of another shape', jsonReply({ choices: 'none' }), 502, 502],
  ['a tool call that is deep', { headers: json, steps: [`{"choices":${'['.repeat(50_000)}`] }, 502, 502],
];

describe('an upstream that sends', () => {
  it.each(mistakes)('%s is a documented error, and nothing is held or charged', async (_, reply, whole, streamed) => {
    const before = process.memoryUsage().rss;
    const { gateway, key, books, idle, first } = await scene(
      { first: [reply] },
      { route: { targets: ['first'] }, ...(whole === 504 && { provider: { timeouts: { first: '300ms' } } }) },
    );
    for (const [stream, status] of [
      [false, whole],
      [true, streamed],
    ] as const) {
      const response = await gateway.post(path, { ...hello, stream }, key);
      expect([stream, response.status, await response.json()]).toEqual([
        stream,
        status,
        { error: { message: expect.any(String), type: expect.any(String), code: expect.any(String), param: null } },
      ]);
    }
    expect((await books(2)).cost).toBe(0);
    await idle();
    await Promise.all(first.visits.map(({ ended }) => ended));
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * MB);
  });

  it('gzip has a body that is decoded, without headers that are wrong for it', async () => {
    const { gateway, key } = await scene({ first: [{ ...jsonReply(completion('Hi')), encoding: 'gzip' }] });
    const response = await gateway.post(path, hello, key);
    expect(response.headers.get('content-encoding')).toBeNull();
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ choices: [{ message: { content: 'Hi' } }] });
    expect(Number(response.headers.get('content-length') ?? Buffer.byteLength(text))).toBe(Buffer.byteLength(text));
  });

  it('its key and four megabytes of a picture in an error shows neither to anyone', async () => {
    const error = { error: { message: `Bad ${providerKey} ${picture}`, type: 'invalid_request_error', code: null } };
    const { gateway, key, books } = await scene({ first: [jsonReply(error, 400)] });
    for (const [at, body] of [
      [path, hello],
      ['/v1/messages', { ...hello, max_tokens: 9 }],
    ] as const) {
      const text = await (await gateway.post(at, body, key)).text();
      expect(text.length).toBeLessThan(2_000);
      expect(text).not.toMatch(/sk-proj|iVBOR/);
    }
    const written = JSON.stringify([await books(2), gateway.log]);
    expect(written).not.toMatch(/sk-proj|iVBOR|sk-of-the-platform/);
  });
});

describe('a long answer', () => {
  it('that is not counted keeps no other caller waiting', async () => {
    const word = sse({ choices: [{ index: 0, delta: { content: 'word ' }, finish_reason: null }] });
    const [begin, , end] = chunks(['x']);
    const { gateway, key, books } = await scene({
      first: [eventStream(sse(begin), { bytes: word, times: 100_000 }, sse(end, '[DONE]'))],
    });
    let isOver = false;
    const asked = gateway.post(path, { ...hello, stream: true }, key).then(async (response) => {
      let bytes = 0;
      for await (const part of response.body ?? []) bytes += part.byteLength;
      isOver = true;
      return bytes;
    });
    let answered = 0;
    while (!isOver) {
      await (await gateway.get('/v1/models', key)).text();
      answered += 1;
    }
    expect(await asked).toBeGreaterThan(100_000 * word.length);
    expect(answered).toBeGreaterThan(3);
    expect((await books(1)).rows).toMatchObject([{ outcome: 'done', completion: expect.any(Number) }]);
  });
});
