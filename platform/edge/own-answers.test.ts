import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEdge, type TestEdge } from '../testing/edge.ts';

let test: TestEdge;
beforeAll(async () => {
  test = await startTestEdge();
  await test.serve(await test.upstream('one'));
});
afterAll(() => test.close());

/** What comes back for bytes as they are, until the edge closes. */
async function answerTo(bytes: string): Promise<string> {
  const socket = connect(test.options.port, '127.0.0.1');
  socket.setTimeout(3_000, () => socket.destroy()).on('error', () => {});
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    text += part;
  });
  socket.write(bytes);
  // The edge may reset a connection on which it left something unread.
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}
const head = 'POST /api/ask HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';

describe('malformed bodies', () => {
  it.each([
    ['a length that is no number', 'zz\r\nhello\r\n'],
    ['a negative length', '-1\r\nhello\r\n'],
    ['a length without end', 'fffffffffffffffffff\r\nhello'],
    ['a chunk that is longer than its length', '5\r\nhelloXX0\r\n\r\n'],
    ['an extension without end', `5;${'a'.repeat(70_000)}\r\nhello\r\n0\r\n\r\n`],
    ['a trailer that is none', '5\r\nhello\r\n0\r\nbad trailer\r\n\r\n'],
    ['a trailer without end', `5\r\nhello\r\n0\r\nX: ${'a'.repeat(5_000)}\r\n\r\n`],
  ])("with %s are the client's fault", async (_, body) => {
    const answer = await answerTo(head + body);
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('urn:pandect:problem:malformed-request');
    expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff');
  });

  it('are not those of a function', async () => {
    await test.serve('/nowhere.sock');
    expect((await test.ask()).status).toBe(503);
    await test.serve(await test.upstream('two'));
    expect((await test.ask({ method: 'POST', body: 'hello' })).status).toBe(200);
  });
});
