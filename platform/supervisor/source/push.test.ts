import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeEvent, Report } from '../control/contract.ts';
import type { DeploySource } from '../units/operations/deploy.ts';
import { push, undoPush } from './push.ts';
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
const pushTo = async (running: readonly string[], changed: Sources = sources, word = '') => {
  const sent = [...files, { path: 'modules/word.ts', contents: Buffer.from(word) }];
  const parts = [await archiveOf(sent, requestFor({ units: ['ask', 'search'] }))].values();
  const archive = { next: async () => parts.next() } as AsyncIterator<Uint8Array>;
  return push(platformOf(running, changed), archive, (event) => void events.push(event));
};
const platformOf = (running: readonly string[], changed: Sources) =>
  ({ units: unitsOf(running), sites: { find: () => undefined }, sources: changed }) as unknown as Parameters<
    typeof push
  >[0];

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

describe('an undo', () => {
  const undo = async (options: { all?: boolean } = {}) => {
    events = [];
    await undoPush(platformOf(['ask', 'search'], sources), options, (event) => void events.push(event));
    return events.filter(({ step }) => step === 'source').map(({ message }) => message);
  };
  beforeEach(async () => {
    for (const path of ['functions/ask/function.ts', 'functions/search/function.ts']) await test.write(path, manifest);
    await test.write(
      '.source.json',
      JSON.stringify({ from: 'image', at: '2026-01-02T03:04:05.000Z', revision: 'abc' }),
    );
  });

  it('names what it returns to before it deploys anything', async () => {
    await pushTo(['ask', 'search'], sources, 'one');
    await pushTo(['ask', 'search'], sources, 'two');
    expect((await undo())[0]).toMatch(/^Returning to the source pushed .* by anna, revision 1a2b3c4d5e$/);
    expect(events[0]?.step).toBe('source');
    expect(await undo()).toEqual([
      "Returning to the platform's own source, an image of 2026-01-02 03:04 UTC, revision abc",
      "Deploys now build from the platform's own source, an image of 2026-01-02 03:04 UTC, revision abc",
    ]);
    await expect(undo()).rejects.toThrow('Undo push: nothing was pushed');
    await expect(undo({ all: true })).rejects.toThrow('Undo push: nothing was pushed');
  });

  it('stops at the oldest source that is kept, and only one of all of them goes further', async () => {
    for (const word of ['one', 'two', 'three', 'four']) await pushTo(['ask', 'search'], sources, word);
    await undo();
    await undo();
    const kept = sources.root;
    await expect(undo()).rejects.toThrow('pandect push --undo-all returns');
    expect(sources.root).toBe(kept);
    await undo({ all: true });
    expect(sources.root).toBe(test.checkout);
    expect(events.filter(({ unit }) => unit !== '').map(({ unit }) => unit)).toEqual(['ask', 'search']);
  });

  it('deploys everything from the source before one that is damaged', async () => {
    await pushTo(['ask', 'search'], sources, 'one');
    const first = sources.root;
    await pushTo(['ask', 'search'], sources, 'two');
    await writeFile(join(sources.root, '.source.json'), '{"from"');
    sources = await openSources(test.place, test.checkout, () => {});
    expect(sources.damaged).toBeDefined();
    await undo();
    expect([sources.root, sources.damaged]).toEqual([first, undefined]);
    expect(events.filter(({ unit }) => unit !== '').map(({ unit }) => unit)).toEqual(['ask', 'search']);
  });
});
