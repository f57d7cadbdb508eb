import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { readUnits } from './unit.ts';

const kernel = pathToFileURL(join(import.meta.dirname, '../kernel/manifest.ts')).href;

/** Reads a checkout with one function of this manifest. */
async function read(manifest: object, workers: string[] = []) {
  const root = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const folder of ['functions/probe', 'workers']) await mkdir(join(root, folder), { recursive: true });
  await writeFile(
    join(root, 'functions/probe/function.ts'),
    `import { defineFunction } from '${kernel}';\nexport default defineFunction(${JSON.stringify({ mount: ['/probe'], ...manifest })});\n`,
  );
  for (const name of workers) {
    await mkdir(join(root, 'workers', name));
    await writeFile(
      join(root, 'workers', name, 'worker.ts'),
      `import { defineWorker } from '${kernel}';\nexport default defineWorker({});\n`,
    );
  }
  return readUnits(root);
}

it('refuses a function and a worker of one name, which would share releases, sockets and files', async () => {
  expect(await read({}, ['other'])).toHaveLength(2);
  await expect(read({}, ['probe'])).rejects.toThrow('"probe": a function and a worker have this name');
});

it.each([{ database: 'billing', redis: 'answers' }, {}])('reads a manifest with the roles of %j', async (roles) => {
  expect(await read(roles)).toMatchObject([{ name: 'probe', manifest: roles }]);
});

it.each([
  [
    { database: 'biling' },
    'database: "biling": must be one of none, tenant, organization, billing, identity, platform',
  ],
  [{ database: 'tenant-worker' }, 'database: "tenant-worker": must be one of none, tenant'],
  [{ redis: 'operator' }, 'redis: "operator": must be one of members, answers, gateway, upkeep'],
])('refuses a role that has no rights, or is not for functions: %j', async (roles, message) => {
  await expect(read(roles)).rejects.toThrow(`Read manifest of function "probe": Read manifest: ${message}`);
});

it('finds none where there is no folder of them, as in the stage of the image that builds sites', async () => {
  const root = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  onTestFinished(() => rm(root, { recursive: true }));
  expect(await readUnits(root)).toEqual([]);
  await writeFile(join(root, 'workers'), '');
  await expect(readUnits(root)).rejects.toThrow('ENOTDIR');
});
