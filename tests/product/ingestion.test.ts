import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import { readyProcess } from '../support/chaos/chaos-control.ts';
import { findFaults, ingestUnderKills, makePapers, statusesOf } from '../support/chaos/ingest-kills.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { ask } from '../support/control.ts';
import { type Account, createAccount } from '../support/http/client.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

const DOCUMENTS = Number(process.env.INGEST_DOCUMENTS ?? 20);
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
  it('does not keep the document of another waiting', { timeout: 120_000 }, async () => {
    const [busy, other] = [await createAccount(platform), await createAccount(platform)];
    await readyProcess(home.home.run, 'ingest');
    await ask(platform, 'POST', '/queues/pause', { queue: 'ingest' });
    const small = Array.from({ length: 24 }, (_, number) => `Letter ${number}\n\nWe confirm order number ${number}.\n`);
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

describe('an organization that uploads documents made to be slow', () => {
  const filled = (unit: string, mebibytes: number) => unit.repeat(Math.floor((mebibytes * 1024 * 1024) / unit.length));
  /** Seconds that a document of one line takes to become ready. */
  const secondsOf = async (account: Account, number: number) => {
    const began = performance.now();
    await account.add(`line-${number}.txt`, `Letter ${number}: the rent is 900 euros.\n`);
    return (performance.now() - began) / 1000;
  };
  const middleOf = async (account: Account, first: number) => {
    const seconds: number[] = [];
    for (let count = 0; count < 3; count++) seconds.push(await secondsOf(account, first + count));
    return seconds.toSorted((a, b) => a - b)[1] as number;
  };

  it('does not hold up the document of another, nor the end of the platform', { timeout: 120_000 }, async () => {
    const [hostile, bystander] = [await createAccount(platform), await createAccount(platform)];
    await secondsOf(bystander, 0); // starts what sleeps
    await remove(bystander);
    const alone = await middleOf(bystander, 1);
    await remove(bystander);
    const papers = {
      'gaps.txt': filled(`ab${' '.repeat(240)}cd\n`, 4.9),
      'clauses.txt': filled('a) b\n', 2),
      'brackets.md': filled('[a](', 0.5),
    };
    for (const [name, content] of Object.entries(papers)) await hostile.upload(name, content);
    const shared = await middleOf(bystander, 4);
    const statuses = await statusesOf(hostile);
    process.stdout.write(
      `a line is ready after ${alone.toFixed(1)} s alone, ${shared.toFixed(1)} s next to slow documents\n`,
    );
    expect(statuses, 'the others are still being worked on').toContain('processing');
    expect(shared).toBeLessThanOrEqual(alone + 2);
    const began = performance.now();
    await platform.stop();
    const seconds = (performance.now() - began) / 1000;
    process.stdout.write(`stopped in ${seconds.toFixed(1)} s while they are read\n`);
    expect(seconds).toBeLessThan(10);
    expect(platform.output(), 'their jobs are given back').not.toContain('not recorded');
  });

  /** Makes room within the plan. */
  async function remove(account: Account): Promise<void> {
    const { items } = await account.get<{ items: { id: string }[] }>('GET /api/documents');
    for (const { id } of items) await account.send(`DELETE /api/documents/${id}`);
  }
});
