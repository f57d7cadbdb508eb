import { ReadableStream } from 'node:stream/web';
import { describe, expect, it } from 'vitest';
import { probes } from './probe.fixture.ts';

const probe = await probes();

describe('bodies', () => {
  it('are taken as their schema says', async () => {
    const { status, body } = await (await probe()).json('POST /api/probe/echo', { json: { name: 'Анна' } });
    expect([status, body]).toEqual([200, { name: 'Анна' }]);
  });

  it('are checked as a whole, and every mistake is named with its place', async () => {
    const app = await probe();
    const { status, body } = await app.json('POST /api/probe/echo', { json: { name: '', count: 'two', extra: 1 } });
    expect(status).toBe(400);
    expect(body.type).toBe('urn:pandect:problem:invalid-request');
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(['body.name', 'body.count', 'body']);
    expect(body.errors[2].message).toContain('extra');
  });

  it.each([
    ['broken', '{"name":'],
    ['empty', ''],
    ['not JSON at all', 'name=Anna'],
  ])('that are %s are told so', async (_, text) => {
    const app = await probe();
    const { status, body } = await app.json('POST /api/probe/echo', {
      body: text,
      headers: { 'content-type': 'application/json' },
    });
    expect([status, body.type]).toEqual([400, 'urn:pandect:problem:malformed-json']);
  });

  it.each(['null', '[]', '"text"', '1', '{"__proto__":{"name":"x"}}'])(
    'of the wrong shape are refused: %s',
    async (text) => {
      const app = await probe();
      const { status, body } = await app.json('POST /api/probe/echo', {
        body: text,
        headers: { 'content-type': 'application/json' },
      });
      expect([status, body.type]).toEqual([400, 'urn:pandect:problem:invalid-request']);
    },
  );

  it.each(['text/plain', 'application/xml', '', 'application/jsonp'])(
    'of the type "%s" are not taken',
    async (type) => {
      const app = await probe();
      const { status, body } = await app.json('POST /api/probe/echo', {
        body: '{"name":"Anna"}',
        headers: { 'content-type': type, 'content-length': '15' },
      });
      expect([status, body.type]).toEqual([415, 'urn:pandect:problem:unsupported-media-type']);
    },
  );

  it('that say they are too large are refused unread', async () => {
    const app = await probe();
    const { status, body } = await app.json('POST /api/probe/echo', {
      json: { name: 'x'.repeat(2000) },
      headers: { 'content-length': '2011' },
    });
    expect([status, body.type, body.limit]).toEqual([413, 'urn:pandect:problem:payload-too-large', 1000]);
  });

  it.each(['/api/probe/echo', '/api/probe/read'])('that turn out too large are refused at %s', async (path) => {
    const app = await probe();
    const pieces = Array.from({ length: 20 }, () => new TextEncoder().encode('x'.repeat(100)));
    const { status, body } = await app.json(
      `POST ${path}` as 'POST /',
      {
        body: ReadableStream.from(pieces),
        duplex: 'half',
        headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      } as object,
    );
    expect([status, body.type]).toEqual([413, 'urn:pandect:problem:payload-too-large']);
  });
});
