import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Log } from '../../kernel/log.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import { type Family, writeFamilies } from './family.ts';
import { createMetricsLedger, lastFigures } from './merge-metrics.ts';

/** The figures of a platform's processes, over their ends and the supervisor's own. */
export interface Counters {
  /** Counts something that happened. Returns at once. */
  count(counter: Omit<Family, 'series'>, labels: Readonly<Record<string, string>>): void;
  /** A process ended: counts what it left, or what it last told. */
  end(id: string, socket: string): Promise<void>;
  /**
   * One Prometheus text of what the processes tell, on disk before it is returned. One that does not answer counts with
   * what it told before.
   * @param platform the supervisor's own figures
   */
  expose(ids: readonly string[], ask: (id: string) => Promise<string>, platform: string): Promise<string>;
  /** Resolves when all is on disk that can be written. */
  close(): Promise<void>;
}

const stateSchema = z.object({
  kept: z.record(z.string(), z.number()),
  shown: z.record(z.string(), z.number()),
  headers: z.record(z.string(), z.array(z.string())),
});

/** Counting begins with nothing where the file is missing or was broken off by the end of the host. */
export async function openCounters(path: string, log: Pick<Log, 'warn'>): Promise<Counters> {
  const written = await readFile(path, 'utf8').catch(() => '');
  const ledger = createMetricsLedger(parseState(written, log));
  const told = new Map<string, string>();
  const ended = new Set<string>();
  let onDisk = written;

  const save = async () => {
    const text = JSON.stringify(ledger.state);
    if (text === onDisk) return;
    await replaceFile(path, text);
    onDisk = text;
  };
  // One write at a time; what cannot be written, on a full disk, is shown all the same.
  let saving = Promise.resolve();
  const saved = () => {
    saving = saving.then(save).catch((error: unknown) => log.warn({ error }, 'Counters: not written'));
    return saving;
  };

  return {
    count(counter, labels) {
      ledger.retire(writeFamilies([{ ...counter, series: [{ labels, value: 1 }] }]));
      void saved();
    },
    async end(id, socket) {
      const left = await lastFigures(socket);
      // From here on its last answer, which may be under way, must not be counted next to this.
      ended.add(id);
      ledger.retire(left || (told.get(id) ?? ''));
      told.delete(id);
      // A crashed process is replaced without waiting for this.
      void saved();
    },
    async expose(ids, ask, platform) {
      await Promise.all(
        ids.map(async (id) => {
          const text = await ask(id).catch(() => undefined);
          if (text !== undefined && !ended.has(id)) told.set(id, text);
        }),
      );
      const isComplete = ids.every((id) => told.has(id) || ended.has(id));
      const text = ledger.merge([...told.values(), platform], isComplete);
      await saved();
      return text;
    },
    close: saved,
  };
}

function parseState(text: string, log: Pick<Log, 'warn'>) {
  if (text === '') return undefined;
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (error) {
    log.warn({ error }, 'Counters: not readable; they begin with nothing');
    return undefined;
  }
}
