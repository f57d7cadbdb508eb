import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ChangeEvent, Report } from '../control/contract.ts';
import type { DeploySource } from '../units/operations/deploy.ts';
import { push } from './push.ts';
import { archiveOf, filesWith, requestFor, testSources } from './source.fixture.ts';
import { openSources, type Sources } from './sources.ts';

const manifest = "export default { mount: [], database: 'none', redis: 'members' };";
const files = filesWith({
  'functions/ask/function.ts': manifest,
  'functions/search/function.ts': manifest,
  'workers/readme.md': '',
});

let test: Awaited<ReturnType<typeof testSources>>;
let sources: Sources;
let events: ChangeEvent[];
beforeEach(async () => {
  test = await testSources();
  sources = await openSources(test.place, test.checkout, () => {});
  events = [];
});
afterEach(() => test.remove());

/** Units whose builds succeed, and which say so as those of a platform do. */
const unitsOf = (running: readonly string[]) => ({
  all: running.map((name) => ({ name })),
  async deploy(names: readonly string[], _: object, report: Report, { onBuilt }: DeploySource) {
    let ok = true;
    for (const unit of names) {
      const step = await onBuilt?.().then(
        () => 'done' as const,
        () => 'failed' as const,
      );
      ok &&= step === 'done';
      report({ unit, step: step ?? 'done' });
    }
    return ok;
  },
});
const pushTo = async (running: readonly string[], changed: Sources = sources) => {
  const parts = [await archiveOf(files, requestFor({ units: ['ask', 'search'] }))].values();
  const archive = { next: async () => parts.next() } as AsyncIterator<Uint8Array>;
  const platform = { units: unitsOf(running), sites: { find: () => undefined }, sources: changed };
  return push(platform as unknown as Parameters<typeof push>[0], archive, (event) => void events.push(event));
};

it('writes the source down before anything of it serves, also when that succeeds for a later unit only', async () => {
  let attempts = 0;
  const onceFull: Sources = {
    ...sources,
    async use(id) {
      if (++attempts === 1) throw new Error('no space left on device');
      await sources.use(id);
    },
  };
  expect(await pushTo(['ask', 'search'], onceFull)).toBe(false);
  expect(events.filter(({ unit }) => unit !== '').map(({ unit, step }) => `${unit} ${step}`)).toEqual([
    'ask failed',
    'search done',
  ]);
  const [id = ''] = sources.list();
  expect(sources.root).toBe(join(sources.folder, id));
});

it('says which units the source lacks, since the next start has only those of it', async () => {
  expect(await pushTo(['ask', 'search', 'usage', 'ingest'])).toBe(true);
  expect(events.map(({ message }) => message)).toContain(
    'Not in this source: usage, ingest; the next start comes up without',
  );
});
