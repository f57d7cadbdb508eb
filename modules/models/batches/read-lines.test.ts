import { describe, expect, it } from 'vitest';
import { readLines } from './read-lines.ts';

const call = (id: string, change: object = {}) =>
  JSON.stringify({
    ...{ custom_id: id, method: 'POST', url: '/v1/embeddings', body: { model: 'default', input: 'Слово 🙂' } },
    ...change,
  });

/** @param size bytes of each piece that the file comes in */
async function read(text: string | Buffer, { size = 7, lines = 10, bytes = 400 } = {}) {
  const whole = Buffer.from(text);
  async function* pieces() {
    for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
  }
  const check = (body: Record<string, unknown>) =>
    body.input === 'bad' ? { message: 'must be good', param: 'body.input' } : undefined;
  const found = [];
  for await (const each of readLines(pieces(), { endpoint: 'embeddings', lines, bytes, check })) found.push(each);
  return found;
}
const mistakes = async (text: string | Buffer, options = {}) =>
  (await read(text, options)).flatMap((each) => ('code' in each ? [[each.line, each.code, each.param]] : []));

describe('the lines of a batch', () => {
  it('are the same in pieces of any size, with any line ends, without one at the end, and with empty lines', async () => {
    const file = Buffer.from(`${call('a')}\r\n\n  \n${call('b')}\n${call('c')}`);
    for (let size = 1; size <= file.length; size += 1) {
      const found = await read(file, { size });
      expect(found.map((each) => 'customId' in each && [each.line, each.customId, each.body.input])).toEqual([
        [1, 'a', 'Слово 🙂'],
        [4, 'b', 'Слово 🙂'],
        [5, 'c', 'Слово 🙂'],
      ]);
    }
  });

  it.each([
    ['no JSON', '{"custom_id":', 'invalid_json_line', null],
    ['no object', '[]', 'invalid_json_line', null],
    ['broken UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'invalid_json_line', null],
    ['no name', call(''), 'invalid_custom_id', 'custom_id'],
    ['a name of another type', call('a', { custom_id: 7 }), 'invalid_custom_id', 'custom_id'],
    ['another method', call('a', { method: 'GET' }), 'invalid_method', 'method'],
    ['another endpoint', call('a', { url: '/v1/responses' }), 'invalid_url', 'url'],
    ['a host', call('a', { url: 'https://internal/v1/embeddings' }), 'invalid_url', 'url'],
    ['a field that is not known', call('a', { headers: {} }), 'unknown_field', 'headers'],
    ['no body', call('a', { body: null }), 'invalid_body', 'body'],
    ['no model', call('a', { body: { input: 'x' } }), 'invalid_body', 'body.model'],
    ['a stream', call('a', { body: { model: 'm', stream: true } }), 'invalid_body', 'body.stream'],
    ['what its endpoint refuses', call('a', { body: { model: 'm', input: 'bad' } }), 'invalid_body', 'body.input'],
    ['too many bytes', call('a', { body: { model: 'm', input: 'x'.repeat(400) } }), 'line_too_long', null],
  ])('are refused with their number: %s', async (_, line, code, param) => {
    const file = Buffer.concat([Buffer.from(`${call('first')}\n`), Buffer.from(line), Buffer.from('\n')]);
    expect(await mistakes(file)).toEqual([[2, code, param]]);
  });

  it('may not have the name of another', async () => {
    expect(await mistakes([call('a'), call('b'), call('a')].join('\n'))).toEqual([
      [3, 'duplicate_custom_id', 'custom_id'],
    ]);
  });

  it('are at least one, and no more than allowed', async () => {
    expect(await mistakes('\n\n')).toEqual([[null, 'empty_file', null]]);
    const many = Array.from({ length: 11 }, (_, n) => call(String(n))).join('\n');
    expect(await mistakes(many)).toEqual([[11, 'too_many_lines', null]]);
  });

  it('say what is wrong with the first hundred', async () => {
    expect(await mistakes('x\n'.repeat(500), { lines: 1000 })).toHaveLength(100);
  });
});
