import { findFaults, ingestUnderKills, makePapers } from '../tests/support/chaos/ingest-kills.ts';
import { createAccount } from '../tests/support/http/client.ts';
import { withPlatform } from './support/platform.ts';
import type { Bench, Row } from './support/table.ts';

const DOCUMENTS = 1000;
const KILLS = 15;
const SECONDS = 3600;
const SEED = 5;

export const ingestKills: Bench = {
  name: 'ingest-kills',
  about: 'a thousand documents, undisturbed and with the worker killed at random',
  run: () =>
    withPlatform(async (platform) => {
      const rows: Row[] = [];
      const faults: string[] = [];
      for (const kills of [undefined, { count: KILLS, least: 1_000, most: 6_000 }]) {
        const plan = { papers: makePapers(DOCUMENTS), seed: SEED, seconds: SECONDS, ...(kills && { kills }) };
        const { killed, seconds, audit } = await ingestUnderKills(
          { home: platform.folders },
          await createAccount(platform),
          plan,
        );
        const found = findFaults(audit, DOCUMENTS);
        faults.push(...found);
        rows.push({
          documents: DOCUMENTS,
          'processes killed': killed,
          seconds: Math.round(seconds),
          'documents/s': (DOCUMENTS / seconds).toFixed(1),
          chunks: audit.chunkIds.length,
          'lost or doubled': found.length,
        });
      }
      return {
        title: 'Documents while the ingest worker is killed',
        rows,
        aims: [
          {
            what: 'documents, chunks and records that were lost or are there twice',
            aim: '0',
            reached: String(faults.length),
            met: faults.length === 0,
          },
        ],
        notes: [
          'Every twentieth document is a PDF of 60 pages; up to 15 processes are killed with SIGKILL, each 1 to 6 seconds after one is ready. After several in a row the supervisor waits longer, up to 30 s, before it starts the next.',
          ...faults.slice(0, 5),
        ],
      };
    }),
};
