import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TemporaryHome, temporaryHome } from '../platform/services/temporary-home.ts';
import { readyProcess } from './support/chaos-control.ts';
import { type CheckoutCopy, copyCheckout } from './support/checkout-copy.ts';
import { createAccount } from './support/client.ts';
import { ask } from './support/control.ts';
import { findFaults, ingestUnderKills, makePapers, statusesOf } from './support/ingest-kills.ts';
import { startTestPlatform, type TestPlatform } from './support/platform.ts';
import { until } from './support/until.ts';

const DOCUMENTS = Number(process.env.INGEST_DOCUMENTS ?? 40);
const SEED = Number(process.env.INGEST_SEED ?? Math.floor(Math.random() * 2 ** 32));

let copy: CheckoutCopy;
let home: TemporaryHome;
let platform: TestPlatform;
beforeAll(async () => {
  copy = await copyCheckout({ units: ['auth', 'documents', 'ingest', 'maintenance', 'notify', 'organization'] });
  home = await temporaryHome();
  platform = await startTestPlatform({ root: copy.root, home });
});
afterAll(async () => {
  try {
    await platform?.stop();
  } finally {
    await home?.remove();
    await copy?.remove();
  }
});

describe(`${DOCUMENTS} documents while the worker is killed at random, seed ${SEED}`, () => {
  it('are all ready in the end, and nothing of them is there twice', { timeout: 600_000 }, async () => {
    const account = await createAccount(platform);
    const { killed, seconds, audit } = await ingestUnderKills(home, account, {
      papers: makePapers(DOCUMENTS),
      kills: { count: 4, least: 500, most: 2_500 },
      seed: SEED,
      seconds: 500,
    });
    process.stdout.write(`${DOCUMENTS} documents in ${seconds.toFixed(0)} s, ${killed} processes killed\n`);
    expect(killed).toBeGreaterThan(0);
    expect(findFaults(audit, DOCUMENTS)).toEqual([]);
    expect(audit.jobs.filter(({ state }) => state !== 'completed')).toEqual([]);
  });
});

describe('an organization that uploads very much', () => {
  it('does not keep the document of another waiting', { timeout: 300_000 }, async () => {
    const [busy, other] = [await createAccount(platform), await createAccount(platform)];
    await readyProcess(home.home.run, 'ingest');
    await ask(platform, 'POST', '/queues/pause', { queue: 'ingest' });
    const small = Array.from({ length: 80 }, (_, number) => `Letter ${number}\n\nWe confirm order number ${number}.\n`);
    const left = small.map((content, number) => ({ name: `letter-${number}.txt`, content }));
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let letter = left.shift(); letter; letter = left.shift()) await busy.upload(letter.name, letter.content);
      }),
    );
    const { id } = await other.upload('lease.txt', 'Lease\n\nThe rent is 900 euros.\n');
    await ask(platform, 'POST', '/queues/resume', { queue: 'ingest' });
    const status = await until(
      'the one document',
      async () => {
        const document = await other.get<{ status: string }>(`GET /api/documents/${id}`);
        return ['ready', 'failed'].includes(document.status) ? document.status : undefined;
      },
      120,
    );
    const ready = (await statusesOf(busy)).filter((one) => one === 'ready').length;
    expect(status).toBe('ready');
    expect(ready).toBeLessThan(small.length / 2);
    await until(
      'all letters',
      async () => ((await statusesOf(busy)).every((one) => one === 'ready') ? true : undefined),
      200,
    );
  });
});
