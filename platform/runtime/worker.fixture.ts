import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../../db/connect.ts';
import { FinalFailure } from '../capabilities/queue/index.ts';
import { defineWorker } from '../kernel/manifest.ts';
import { DATABASE_URL } from '../kernel/variables.ts';
import { defineProvider } from './boot.ts';
import { runWorker } from './run-worker.ts';

/** A worker whose jobs take as long as they say, or fail for good, and note when they began and ended, and where. */
const notes = defineProvider([DATABASE_URL], (boot, { DATABASE_URL }) => {
  const sql = connect(String(DATABASE_URL));
  boot.onClose(() => sql.end());
  return sql;
});
const manifest = defineWorker({ database: 'tenant', ...JSON.parse(process.env.MANIFEST ?? '{}') });

await runWorker('ingest', manifest, {
  provide: { notes },
  async handle({ id, payload }, deps) {
    const { ms = 0, isHopeless = false } = (payload ?? {}) as { ms?: number; isHopeless?: boolean };
    const [note] = await deps.notes<
      { n: number }[]
    >`insert into notes (job, pid) values (${id}, ${process.pid}) returning n`;
    await sleep(ms);
    if (isHopeless) throw new FinalFailure('hopeless');
    await deps.notes`update notes set ended = clock_timestamp() where n = ${note?.n ?? 0}`;
  },
});
