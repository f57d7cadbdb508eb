import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import { auditOrganization } from '../support/chaos/chaos-audit.ts';
import { readyProcess } from '../support/chaos/chaos-control.ts';
import { findFaults, makePapers } from '../support/chaos/ingest-kills.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { type Account, createAccount, send } from '../support/http/client.ts';
import { ownerUrl } from '../support/owner-url.ts';
import { pandect, pandectJson, startPandect, startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { addSamples, sampleNames, sampleQuestions } from '../support/samples.ts';
import { until } from '../support/until.ts';

interface Generation {
  generation: number;
  state: string;
  done: number;
  total: number;
}

const PAPERS = 40;
/** What the samples answer. The papers next to them are too much alike for their order to mean anything. */
const queries = (await sampleQuestions()).filter(({ expect: known }) => known).map(({ question }) => question);

let copy: CheckoutCopy;
let home: TemporaryHome;
let platform: TestPlatform;
let account: Account;
let documents: number;
let samples: string[];
beforeAll(async () => {
  const functions = ['auth', 'documents', 'health', 'organization', 'search'];
  copy = await copyCheckout({ units: [...functions, 'ingest', 'maintenance', 'notify', 'reindex'] });
  home = await temporaryHome();
  platform = await startTestPlatform({ root: copy.root, home });
  account = await createAccount(platform);
  samples = [...(await addSamples(account, await sampleNames())).values()];
  const papers = makePapers(PAPERS);
  const waiting = [...papers];
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let paper = waiting.shift(); paper; paper = waiting.shift()) await account.add(paper.name, paper.content);
    }),
  );
  documents = samples.length + papers.length;
}, 300_000);
afterAll(async () => {
  try {
    await platform?.stop();
  } finally {
    await home?.remove();
    await copy?.remove();
  }
});

const hitsOf = async (query: string, options?: { documentIds: string[] }) =>
  (await account.search(query, options)).map(({ documentId, start, end }) => ({ documentId, start, end }));
const inSamples = (query: string) => hitsOf(query, { documentIds: samples });
const results = () => Promise.all(queries.map(inSamples));
const list = async () => (await pandectJson<Generation[]>(platform, 'reindex', '--status')).value;
const states = async () => (await list()).map(({ generation, state }) => `${generation} ${state}`);
async function faults(): Promise<string[]> {
  return findFaults(await auditOrganization(await ownerUrl(home.home), home.home.vectors, { account }), documents);
}

it('says that nothing is to be done, and what an impossible wish is', async () => {
  const { status, stdout } = await pandect(platform, 'reindex');
  expect([status, stdout]).toEqual([0, expect.stringContaining('as it is asked for')]);
  const refused = await pandect(platform, 'reindex', '--rollback');
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('none is kept')]);
  const both = await pandect(platform, 'reindex', '--force', '--abort');
  expect([both.status, both.stderr]).toEqual([1, expect.stringContaining('exclude each other')]);
  expect(await states()).toEqual(['1 live']);
});

it('builds, verifies and switches while people search, and no search fails or finds anything else', async () => {
  const before = await results();
  let searches = 0;
  let over = false;
  const odd: unknown[] = [];
  const searching = Promise.all(
    queries.map(async (query, index) => {
      while (!over) {
        const hits = await inSamples(query).catch((error: unknown) => error);
        searches += 1;
        if (JSON.stringify(hits) !== JSON.stringify(before[index])) odd.push({ query, hits });
      }
    }),
  );
  const { status, value } = await pandectJson<Generation>(platform, 'reindex', '--force');
  expect(await results()).toEqual(before);
  over = true;
  await searching;
  expect([status, value]).toEqual([0, expect.objectContaining({ state: 'live', done: documents, total: documents })]);
  expect(await states()).toEqual(['2 live', '1 kept']);
  expect(searches).toBeGreaterThan(queries.length);
  expect(odd).toEqual([]);
  expect(await faults()).toEqual([]);
});

it('continues by itself when its command is interrupted and its worker killed, with documents that come and go in the meantime', async () => {
  const deleted = await account.add('passing.txt', 'A passing note on the penalty for late payment.\n');
  const { child, output } = startPandect(platform, 'reindex', '--force');
  await until('the build', async () => (output().includes('Building index 3') ? true : undefined), 30);
  child.kill('SIGINT');
  await once(child, 'exit');
  process.kill(await readyProcess(home.home.run, 'reindex'), 'SIGKILL');
  const [added] = await Promise.all([
    account.add('fresh.txt', 'A fresh note about zeppelins and their moorings.\n'),
    account.send(`DELETE /api/documents/${deleted}`),
  ]);
  documents += 1;
  await until('the new index', async () => ((await states()).includes('3 live') ? true : undefined), 150);
  expect(await states()).toEqual(['3 live', '2 kept']);
  expect(await faults()).toEqual([]);
  expect((await hitsOf('zeppelins'))[0]).toMatchObject({ documentId: added });
});

it('goes back to the index before, which gets what it lacks', async () => {
  const late = await account.add('late.txt', 'A late note about quicksilver barometers.\n');
  documents += 1;
  expect((await pandectJson(platform, 'reindex', '--rollback')).value).toEqual({ live: 2, kept: 3 });
  await until(
    'the documents of index 2',
    async () => ((await list()).every(({ done, total }) => done === total) ? true : undefined),
    60,
  );
  expect(await states()).toEqual(['3 kept', '2 live']);
  expect((await hitsOf('quicksilver barometers'))[0]).toMatchObject({ documentId: late });
  expect(await faults()).toEqual([]);
});

it('adds everything again when the vector store is lost, and says in the meantime that something is missing', async () => {
  const before = await results();
  await rm(join(home.home.vectors, '2'), { recursive: true });
  await pandect(platform, 'reindex');
  await until('the lost records', async () => ((await faults()).length === 0 ? true : undefined), 90);
  expect(await results()).toEqual(before);
  await until(
    'a healthy index',
    async () => {
      const health = (await (await send(platform.url, 'GET /api/health')).json()) as {
        checks: { index: { status: string } };
      };
      return health.checks.index.status === 'healthy' ? true : undefined;
    },
    60,
  );
});

it('gives a build up and leaves nothing of it', async () => {
  const { child, output } = startPandect(platform, 'reindex', '--force');
  await until('the build', async () => (output().includes('Building index 4') ? true : undefined), 30);
  const { status, value } = await pandectJson(platform, 'reindex', '--abort');
  expect([status, value]).toEqual([0, { removed: 4 }]);
  const [code] = await once(child, 'exit');
  expect([code, output()]).toEqual([1, expect.stringContaining('it was given up')]);
  expect(await states()).toEqual(['3 kept', '2 live']);
  expect(await faults()).toEqual([]);
});
