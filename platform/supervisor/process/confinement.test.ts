import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composition } from '../../../modules/composition.ts';
import { defineFunction, defineWorker } from '../../kernel/manifest.ts';
import type { Unit } from '../unit.ts';
import { confinementFlags, nativesOf } from './confinement.ts';

const functionUnit: Unit = {
  ...{ kind: 'function', name: 'probe', folder: '/functions/probe' },
  manifest: defineFunction({ mount: ['/api/probe'] }),
};
const workerUnit: Unit = {
  ...{ kind: 'worker', name: 'probe', folder: '/workers/probe' },
  manifest: defineWorker({ children: { parse: 'parse.ts' } }),
};
const bundle = { entry: '/releases/probe/abc/main.js', natives: [] };
const { variables } = composition;
const place = { socket: '/run/probe/i-1.sock', compileCache: '/cache/probe', variables };

describe('confinementFlags', () => {
  it('lets a process read its release and write its compiled code and last figures', () => {
    expect(confinementFlags(functionUnit, bundle, {}, place)).toEqual([
      '--permission',
      '--allow-fs-read=/releases/probe/abc/*',
      '--allow-fs-read=/run/probe/i-1.sock.metrics',
      '--allow-fs-read=/cache/probe/*',
      '--allow-fs-write=/run/probe/i-1.sock.metrics',
      '--allow-fs-write=/cache/probe/*',
    ]);
  });

  it('opens what the environment names: keys to read, folders to write', () => {
    const environment = { JWT_PUBLIC_KEY_PATH: '/keys/public.pem', UPLOAD_DIR: '/files' };
    const flags = confinementFlags(functionUnit, bundle, environment, place);
    expect(flags).toContain('--allow-fs-read=/keys/public.pem');
    expect(flags).not.toContain('--allow-fs-write=/keys/public.pem');
    expect(flags).toContain('--allow-fs-write=/files/*');
  });

  it('knows of every variable that names a place', () => {
    // A folder of somebody else's cloud is none of ours.
    const names = variables.map(({ name }) => name).filter((name) => name !== 'YANDEX_FOLDER');
    const known = variables.filter(({ path }) => path !== undefined).map(({ name }) => name);
    expect(known).toEqual(names.filter((name) => /_(DIR|PATH|FILE|FOLDER)$/.test(name)));
    const flags = confinementFlags(
      functionUnit,
      bundle,
      Object.fromEntries(known.map((name) => [name, `/at/${name}`])),
      place,
    );
    for (const name of known) expect(flags.filter((flag) => flag.includes(`/at/${name}`))).not.toEqual([]);
  });

  it('allows addons only to a release that has some, and children only to a worker that declares them', () => {
    const flags = (unit: Unit, natives: string[]) => confinementFlags(unit, { ...bundle, natives }, {}, place);
    expect(flags(functionUnit, ['@node-rs'])).toContain('--allow-addons');
    expect(flags(functionUnit, [])).not.toContain('--allow-addons');
    expect(flags(functionUnit, [])).not.toContain('--allow-child-process');
    expect(flags(functionUnit, [])).not.toContain('--allow-worker');
    const manifest = { ...functionUnit.manifest, threads: { 'compare-thread': 'a.ts' } };
    expect(flags({ ...functionUnit, manifest } as Unit, [])).toContain('--allow-worker');
    expect(flags(workerUnit, [])).toContain('--allow-child-process');
    expect(flags(workerUnit, [])).toContain('--allow-fs-read=/proc/*');
    expect(flags(functionUnit, [])).not.toContain('--allow-fs-read=/proc/*');
  });
});

describe('a confined process', () => {
  let home: string;
  let release: { entry: string };
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'pandect-test-'));
    for (const folder of ['release/node_modules/addon', 'cache', 'run', 'keys']) {
      await mkdir(join(home, folder), { recursive: true });
    }
    release = { entry: join(home, 'release/main.mjs') };
    await writeFile(join(home, 'keys/private.pem'), 'secret');
    await writeFile(release.entry, program);
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it('listens, keeps files in a folder that is not there yet, and can do no more', async () => {
    const where = { socket: join(home, 'run/i-1.sock'), compileCache: join(home, 'cache'), variables };
    const natives = nativesOf(release);
    expect(natives).toEqual(['addon']);
    const environment = { UPLOAD_DIR: join(home, 'files') };
    const flags = confinementFlags(functionUnit, { ...release, natives: [] }, environment, where);
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, release.entry, home], { env: {} });
    expect(JSON.parse(stdout)).toEqual({
      listen: 'done',
      figures: 'done',
      keep: 'done',
      database: 'done',
      'read key': 'ERR_ACCESS_DENIED',
      'change own code': 'ERR_ACCESS_DENIED',
      'leave a file': 'ERR_ACCESS_DENIED',
      'start a program': 'ERR_ACCESS_DENIED',
      'start a thread': 'ERR_ACCESS_DENIED',
    });
    expect(await readFile(join(home, 'files/of/somebody'), 'utf8')).toBe('kept');
  });
});

const program = `
  import { execFileSync } from 'node:child_process';
  import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
  import { createServer } from 'node:net';
  import { DatabaseSync } from 'node:sqlite';
  import { Worker } from 'node:worker_threads';
  const home = process.argv[2];
  const acts = {
    listen: () => new Promise((resolve, reject) => {
      const server = createServer().on('error', reject).listen(home + '/run/i-1.sock', () => server.close(resolve));
    }),
    figures: () => writeFileSync(home + '/run/i-1.sock.metrics', ''),
    keep: () => {
      mkdirSync(home + '/files/of', { recursive: true });
      writeFileSync(home + '/files/of/somebody', 'kept');
    },
    database: () => {
      const database = new DatabaseSync(home + '/files/index.sqlite');
      database.exec('PRAGMA journal_mode = WAL; CREATE TABLE one (a); INSERT INTO one VALUES (1)');
      database.close();
    },
    'read key': () => readFileSync(home + '/keys/private.pem'),
    'change own code': () => writeFileSync(import.meta.filename, ''),
    'leave a file': () => writeFileSync(home + '/run/other', ''),
    'start a program': () => execFileSync('/bin/true'),
    'start a thread': () => new Worker('', { eval: true }),
  };
  const results = {};
  for (const [name, act] of Object.entries(acts)) {
    try {
      await act();
      results[name] = 'done';
    } catch (error) {
      results[name] = error.code;
    }
  }
  console.log(JSON.stringify(results));
`;
