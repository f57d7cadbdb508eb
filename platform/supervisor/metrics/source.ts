import { answerWithin } from '../../kernel/calls/answer-within.ts';
import type { Log } from '../../kernel/log.ts';
import type { Family } from './family.ts';

/** Where some metrics come from: the database, the host, the file of the backups. */
export interface Source {
  /** Never rejects. Empty while it cannot be read, or has not answered in time. */
  read(): Promise<readonly Family[]>;
}

interface SourceOptions {
  /** In messages: `the database`. */
  name: string;
  read(): Promise<readonly Family[]> | readonly Family[];
  /** What was read stands for so long. */
  everyMs: number;
  log: Pick<Log, 'warn'>;
  /** 2,000 unless told. */
  timeoutMs?: number;
  now?: () => number;
}

/**
 * Reads a source at most once in `everyMs`, however many ask. One that fails or takes too long leaves its metrics out, which is logged
 * once, and one that hangs is not asked again before it has answered.
 */
export function createSource(options: SourceOptions): Source {
  const { name, read, everyMs, log, timeoutMs = 2_000, now = () => performance.now() } = options;
  let last: { at: number; families: readonly Family[] } | undefined;
  let reading: Promise<readonly Family[]> | undefined;
  let isAway = false;

  const readNow = async () => {
    const began = now();
    try {
      const families = await read();
      last = { at: began, families };
      isAway = false;
      return families;
    } catch (error) {
      last = { at: began, families: [] };
      if (!isAway) log.warn({ error, source: name }, 'Metrics: a source cannot be read; its metrics are left out');
      isAway = true;
      return [];
    } finally {
      reading = undefined;
    }
  };

  return {
    async read() {
      if (last && now() - last.at < everyMs) return last.families;
      reading ??= readNow();
      return answerWithin(timeoutMs, reading, []);
    },
  };
}
