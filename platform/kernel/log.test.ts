import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { describe, expect, it } from 'vitest';
import { createLog, describeError, logLevel } from './log.ts';

function written(level: string, write: (log: ReturnType<typeof createLog>) => void) {
  const lines: string[] = [];
  write(createLog({ level, fields: { process: 'ask' }, output: { write: (line) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line));
}

describe('createLog', () => {
  it('writes one JSON line an event, with level, time, process and message by name', () => {
    expect(written('info', (log) => log.warn({ request: 1 }, 'Slow'))).toEqual([
      {
        level: 'warn',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        process: 'ask',
        request: 1,
        message: 'Slow',
      },
    ]);
  });

  it('writes lines for people where it is told to', () => {
    const lines: string[] = [];
    const output = { write: (line: string) => void lines.push(line) };
    createLog({ level: 'info', output, isReadable: true }).info({ status: 200 }, 'Request');
    expect(lines).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3} info Request status=200\n$/)]);
  });

  it('leaves out what is below its level', () => {
    expect(written('warn', (log) => log.info('Quiet'))).toEqual([]);
  });
});

describe('standard output', () => {
  const file = JSON.stringify(join(import.meta.dirname, 'log.ts'));
  /** Numbers of the lines that a process writes. */
  const linesOf = (work: string): number[] => {
    const code = `import { createLog } from ${file};\nconst log = createLog({ level: 'info' });\n${work}`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
    return output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).n);
  };
  const many = 'for (let n = 0; n < 2_000; n += 1) log.info({ n });';
  const numbers = Array.from({ length: 2_000 }, (_, n) => n);

  it('has all lines in their order, also those of the turn in which the process exits', () => {
    expect(linesOf(`${many}\nprocess.exit(0);`)).toEqual(numbers);
  });

  it('has the lines of a turn when it is over, whatever the process does then', () => {
    // No listener of the process's end runs.
    expect(linesOf(`${many}\nsetTimeout(() => process.reallyExit(0), 50);`)).toEqual(numbers);
  });
});

describe('logLevel', () => {
  it('is lowered by DEBUG only where it was left alone', () => {
    expect(logLevel({ LOG_LEVEL: 'info', DEBUG: true })).toBe('debug');
    expect(logLevel({ LOG_LEVEL: 'warn', DEBUG: true })).toBe('warn');
    expect(logLevel({ LOG_LEVEL: 'info', DEBUG: false })).toBe('info');
  });
});

describe('describeError', () => {
  const secret = 'Иванов\nat the bank';

  it('keeps statements and their parameters out', () => {
    const cause = Object.assign(new Error('column "x" does not exist'), { code: '42703' });
    const error = new DrizzleQueryError(`select '${secret}'`, [secret], cause);
    const described = describeError(error);
    expect(JSON.stringify(described)).not.toContain('Иванов');
    expect(described).toMatchObject({
      message: 'Query failed',
      cause: { message: 'column "x" does not exist', code: '42703' },
    });
  });

  it('keeps a value out that the database repeats in its message', () => {
    const error = Object.assign(new Error(`invalid input syntax for type integer: "${secret}"`), { code: '22P02' });
    expect(JSON.stringify(describeError(error))).not.toMatch(/Иванов|bank/);
    expect(describeError(error)).toMatchObject({ message: 'Value not accepted', code: '22P02' });
  });

  it('follows causes and keeps where each was thrown', () => {
    const described = describeError(new Error('outer', { cause: new TypeError('inner') }));
    expect(described).toMatchObject({ message: 'outer', cause: { name: 'TypeError', message: 'inner' } });
    expect(described.stack).toContain('log.test.ts');
  });

  it('shows of what is no error only its type', () => {
    expect(describeError(secret)).toEqual({ name: 'NonError', message: 'string' });
    expect(describeError(undefined)).toEqual({ name: 'NonError', message: 'undefined' });
  });
});
