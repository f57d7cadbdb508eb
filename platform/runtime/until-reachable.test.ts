import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLog } from '../kernel/log.ts';
import { untilReachable } from './until-reachable.ts';

const away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED', syscall: 'connect' });

/** A query that fails so many times, and what was logged in the meantime. */
function arrange(failures: number, error: Error = away) {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', output: { write: (line: string) => void lines.push(line) } });
  let asked = 0;
  const ask = async () => {
    if (asked++ < failures) throw error;
  };
  return { ask, log, lines, asked: () => asked };
}

describe('untilReachable', () => {
  it('asks until there is an answer, and says once that it waits', async () => {
    const { ask, log, lines, asked } = arrange(3);
    await untilReachable(ask, log);
    expect(asked()).toBe(4);
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(['Database: not reachable; waiting for it']);
  });

  it('says nothing of a database that is there', async () => {
    const { ask, log, lines } = arrange(0);
    await untilReachable(ask, log);
    expect(lines).toEqual([]);
  });

  it('gives up with the last error when its time is over', async () => {
    const { ask, log } = arrange(Number.POSITIVE_INFINITY);
    await expect(untilReachable(ask, log, 250)).rejects.toBe(away);
  });

  it('does not wait for what time will not mend', async () => {
    const refused = Object.assign(new Error('password authentication failed'), { code: '28P01' });
    const { ask, log, asked } = arrange(1, refused);
    await expect(untilReachable(ask, log)).rejects.toBe(refused);
    await sleep(0);
    expect(asked()).toBe(1);
  });
});
