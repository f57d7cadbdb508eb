import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
const here = 'platform/capabilities/queue/pgboss/';
const folders = ['db/functions', 'db/schema', 'functions', 'modules', 'platform', 'workers'];

it('is the only folder with SQL on the tables of the queue’s library', async () => {
  const others: string[] = [];
  for (const folder of folders) {
    for (const entry of await readdir(join(root, folder), { recursive: true })) {
      const file = join(folder, entry);
      if (!/\.(ts|sql)$/.test(file) || /\.(test|fixture)\.ts$|\/testing\//.test(file) || file.startsWith(here))
        continue;
      if (/"?pgboss"?\."?\w/.test(await readFile(join(root, file), 'utf8'))) others.push(file);
    }
  }
  expect(others).toEqual([]);
});
