import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { providerKinds } from './adapter.ts';
import { createAdapters } from './adapters.ts';
import { createLocalTokens } from './tokens/token-store.ts';

it.each(providerKinds)('there is one adapter of kind "%s"', async (kind) => {
  const adapterOf = createAdapters({ tokens: createLocalTokens() });
  const adapter = await adapterOf(kind);
  expect(adapter.kind).toBe(kind);
  expect(adapter.wires.length).toBeGreaterThan(0);
  expect(await adapterOf(kind)).toBe(adapter);
});

it('loads no kind before it is asked for, and no client library', async () => {
  const urlOf = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({ resolve: (name, context, next) => { loaded.add(name); return next(name, context); } });
    const { createAdapters } = await import(${urlOf('./adapters.ts')});
    const { createLocalTokens } = await import(${urlOf('./tokens/token-store.ts')});
    const adapterOf = createAdapters({ tokens: createLocalTokens() });
    const has = (part) => [...loaded].some((name) => name.includes(part));
    const before = has('adapter.ts');
    await adapterOf('anthropic');
    process.stdout.write([before, has('anthropic/adapter.ts'), has('gigachat'), has('local/')].join());
    for (const kind of ${JSON.stringify(providerKinds)}) await adapterOf(kind);
    process.stdout.write(' ' + [...loaded].filter((name) => !/^(\\.|node:|file:)/.test(name)).join());`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  const [kinds, libraries = ''] = stdout.split(' ');
  expect(kinds).toBe('false,true,false,false');
  expect(libraries).not.toMatch(/openai|anthropic|zod/);
});
