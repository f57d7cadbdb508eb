import { describe, expect, it } from 'vitest';
import { scrub } from './scrub.ts';

describe('scrub', () => {
  it.each([
    ['Read "договор Иванова.pdf": not a PDF', 'Read <value>: not a PDF'],
    [
      "ENOENT: no such file or directory, open '/home/olga/lease.docx'",
      'ENOENT: no such file or directory, open <value>',
    ],
    ["can't be read, doesn't exist", "can't be read, doesn't exist"],
    [
      `Unexpected token 'h', "hello wor"... is not valid JSON`,
      'Unexpected token <value>, <value>... is not valid JSON',
    ],
    ['Send to olga.ivanova@example.org failed', 'Send to <email> failed'],
    ['fetch https://user:pass@api.example.org/v1?key=1 failed', 'fetch <url> failed'],
    ['connect ECONNREFUSED 10.0.0.7:5432', 'connect ECONNREFUSED <address>'],
    ['connect ECONNREFUSED fe80::1ff:fe23:4567:890a', 'connect ECONNREFUSED <address>'],
    ['Incorrect API key provided: sk-abc***xyz', 'Incorrect API key provided: <token>'],
    ['Authorization: Bearer abc.def.ghi', 'Authorization: <token>'],
    ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln was refused', '<token> was refused'],
    ['document 0b5c3f0e-7d0c-4a52-9f0a-2f1d8f6a3c11 is gone', 'document <id> is gone'],
    ['payer +7 (916) 123-45-67, INN 7707083893', 'payer <number>, INN <number>'],
    ['open /var/lib/pandect/files/ab at 12', 'open <path> at 12'],
    ['Найдите мне договор аренды, пожалуйста: refused', '<words>: refused'],
    ['relation "users', 'relation <value>'],
    ['two\n lines\tof  it', 'two lines of it'],
    ['Cannot read properties of undefined (reading 3)', 'Cannot read properties of undefined (reading 3)'],
  ])('makes of %j %j', (text, expected) => {
    expect(scrub(text)).toBe(expected);
  });

  it('is bounded in length and time', () => {
    expect(scrub('word '.repeat(100_000))).toHaveLength(300);
    const started = performance.now();
    for (const text of ['a', 'ы', '1', '"', "'", '-', '0:', '@', '/', 'a@', '1 ', '«']) scrub(text.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
