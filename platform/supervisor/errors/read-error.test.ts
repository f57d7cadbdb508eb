import { describe, expect, it } from 'vitest';
import { createLog } from '../../kernel/log.ts';
import { Problem } from '../../kernel/problem.ts';
import { invalidRequest } from '../../kernel/problems.ts';
import { readError } from './read-error.ts';

const root = '/srv/pandect';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  const output = { write: (line: string) => void lines.push(line) };
  write(createLog({ level: 'info', fields: { process: 'ask', instance: '1' }, output }));
  return lines.join('').trimEnd();
}

function thrown(error: Error, ...frames: string[]): Error {
  error.stack = [`${error.name}: ${error.message}`, ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return error;
}

describe('readError', () => {
  it('names an error by its class and the first place in our sources', () => {
    const error = thrown(
      new TypeError("Cannot read properties of undefined (reading 'аренда')"),
      'Object.parse (../../node_modules/zod/v4/core/parse.js:10:5)',
      'async answer (functions/ask/routes/answer.ts:42:11)',
      'node:internal/process/task_queues:105:5',
    );
    const found = readError(
      logged((log) => log.error({ error, problem: 'internal' }, 'Request failed')),
      'ask',
      root,
    );
    expect(found).toMatchObject({
      ...{ unit: 'ask', name: 'TypeError', type: 'TypeError', isFatal: false, release: undefined },
      frame: { name: 'answer', file: 'functions/ask/routes/answer.ts', line: 42 },
      example: 'Request failed: TypeError: Cannot read properties of undefined (reading <value>)',
    });
    expect(found?.frames.map(({ file }) => file)).toEqual([
      'node_modules/zod/v4/core/parse.js',
      'functions/ask/routes/answer.ts',
    ]);
  });

  it('names a problem by its slug, and keeps what caused it', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:443'), { code: 'ECONNREFUSED' });
    const error = new Problem(invalidRequest, { cause });
    const line = logged((log) => log.error({ error, problem: 'provider-unavailable' }, 'Request failed'));
    expect(readError(line, 'ask', root)).toMatchObject({
      name: 'provider-unavailable',
      type: 'Error',
      example: expect.stringMatching(
        /^Request failed: Problem: .+: Error ECONNREFUSED: connect ECONNREFUSED <address>$/,
      ),
    });
  });

  it('names a failed query by the error of the database, and shows no value of it', () => {
    const cause = Object.assign(new Error('relation "secret" does not exist'), {
      name: 'PostgresError',
      code: '42P01',
    });
    const error = Object.assign(new Error('Failed query: select 1 -- my words'), {
      query: 'select 1',
      params: [],
      cause,
    });
    const found = readError(
      logged((log) => log.error({ error }, 'Job failed')),
      'ingest',
      root,
    );
    expect(found).toMatchObject({
      name: 'PostgresError 42P01',
      example: 'Job failed: Error: Query failed: PostgresError 42P01: relation <value> does not exist',
    });
    expect(JSON.stringify(found)).not.toMatch(/words|secret/);
  });

  it('names what has no error by the message, and the unit that a line of the supervisor is about', () => {
    const line = logged((log) => log.error({ unit: 'ask', release: '0123456789ab', end: 'SIGKILL' }, 'Process ended'));
    expect(readError(line, 'supervisor', root)).toMatchObject({
      ...{ unit: 'ask', name: 'Process ended', frame: undefined, release: '0123456789ab' },
      example: 'Process ended: SIGKILL',
    });
  });

  it('takes sources of the supervisor from the checkout', () => {
    const error = thrown(
      new Error('no'),
      'look (file:///srv/pandect/platform/supervisor/upkeep.ts:9:1)',
      'at (file:///else/x.ts:1:1)',
    );
    const found = readError(
      logged((log) => log.fatal({ error }, 'Process failed')),
      'supervisor',
      root,
    );
    expect(found).toMatchObject({ isFatal: true, frame: { file: 'platform/supervisor/upkeep.ts' } });
  });

  it.each([
    '',
    'FATAL ERROR: Reached heap limit',
    '{"level":"error"',
    '{"level":"error","time":"yesterday","message":"Late"}',
    '{"level":"info","time":"2026-01-01T00:00:00.000Z","message":"said \\"level\\":\\"error\\""}',
    '[1]',
  ])('finds none in %j', (line) => {
    expect(readError(line, 'ask', root)).toBeUndefined();
  });

  it('takes a line whose error is written otherwise by its message', () => {
    const line = '{"level":"error","time":"2026-01-01T00:00:00.000Z","message":"Odd","error":"text of somebody"}';
    expect(readError(line, 'ask', root)).toMatchObject({ name: 'Odd', example: 'Odd' });
  });
});
