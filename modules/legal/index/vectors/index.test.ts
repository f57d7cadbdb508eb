import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('loads no Qdrant client where vectors are kept in SQLite', async () => {
  const program = `
    import { createVectorStore } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)};
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    const store = await createVectorStore({ directory: 'nowhere', dimensions: 8 });
    const sqlite = loaded.some((url) => url.includes('qdrant'));
    const other = await createVectorStore({ qdrantUrl: 'http://127.0.0.1:1', directory: 'nowhere', dimensions: 8 });
    const qdrant = loaded.some((url) => url.includes('qdrant'));
    console.log(JSON.stringify([store.name, sqlite, other.name, qdrant]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 20_000,
  });
  expect(JSON.parse(stdout)).toEqual(['sqlite', false, 'qdrant', true]);
});
