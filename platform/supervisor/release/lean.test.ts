import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { bundling } from './bundle.ts';
import { lean } from './lean.ts';

const folder = await mkdtemp(join(tmpdir(), 'pandect-test-lean-'));
afterAll(() => rm(folder, { recursive: true }));

/** The text of a program's bundle. */
async function bundle(program: string): Promise<string> {
  const { outputFiles } = await build({
    ...bundling,
    stdin: { contents: program, resolveDir: import.meta.dirname, loader: 'ts' },
    outdir: folder,
    write: false,
    plugins: [lean],
  });
  return outputFiles[0]?.text ?? '';
}

/** What a program prints as JSON, run from its bundle. */
async function run(program: string): Promise<unknown> {
  const main = join(folder, 'main.mjs');
  await writeFile(main, await bundle(program));
  return JSON.parse((await promisify(execFile)(process.execPath, [main])).stdout);
}

describe('a release', () => {
  it('has all of node:http, and loads nothing of what that brings with it', async () => {
    const program = `import standard, { createServer, STATUS_CODES } from 'node:http';
      import * as http from 'http';
      const heavy = process.moduleLoadList.filter((name) => /undici|http2/.test(name));
      const same = standard.createServer === createServer && http.createServer === createServer;
      console.log(JSON.stringify({ heavy, same, status: STATUS_CODES[418], still: typeof http.WebSocket }));`;
    expect(await run(program)).toEqual({ heavy: [], same: true, status: "I'm a Teapot", still: 'function' });
  });

  it('imports a native package only where something of it is used', async () => {
    const program = (use: string) => `import { hash } from '@node-rs/argon2';
      const digest = () => hash('password');
      ${use}`;
    expect(await bundle(program('console.log(1);'))).not.toContain('argon2');
    expect(await bundle(program('console.log(digest);'))).toContain('@node-rs/argon2');
  });

  it('tells in English what is wrong with a value, and in no other language', async () => {
    const program = `import { z } from 'zod';
      const { error } = z.object({ age: z.number() }).safeParse({ age: 'ten' });
      console.log(JSON.stringify({ message: error.issues[0].message, russian: typeof z.locales.ru }));`;
    expect(await run(program)).toEqual({
      message: 'Invalid input: expected number, received string',
      russian: 'undefined',
    });
  });

  it('holds the variables and problems that its code names, and no others of the same files', async () => {
    const program = `import { notFound } from '../../kernel/problems.ts';
      import { CACHE_PREFIX } from '../../kernel/variables.ts';
      import { readFileSync } from 'node:fs';
      const text = readFileSync(import.meta.filename, 'utf8');
      const held = [...text.matchAll(/define[A-Z]\\w+\\("([\\w-]+)"/g)].map(([, name]) => name).toSorted();
      console.log(JSON.stringify({ read: [CACHE_PREFIX.name, notFound.type], held }));`;
    expect(await run(program)).toEqual({
      read: ['CACHE_PREFIX', 'not-found'],
      held: ['CACHE_PREFIX', 'not-found'],
    });
  });
});
