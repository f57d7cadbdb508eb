import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from './pack.ts';
import type { PushRequest } from './push-request.ts';
import type { TarFile } from './tar.ts';

/** A small checkout with all that a source must have, and a folder for sources next to it. */
export async function testSources() {
  const place = await mkdtemp(join(tmpdir(), 'pandect-test-source-'));
  const checkout = join(place, 'checkout');
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(checkout, path)), { recursive: true });
    await writeFile(join(checkout, path), text);
  };
  for (const [path, text] of Object.entries(content)) await write(path, text);
  await mkdir(join(checkout, 'node_modules'));
  return {
    place,
    checkout,
    write,
    has: (path: string) => existsSync(join(place, path)),
    remove: () => rm(place, { recursive: true }),
  };
}

const content = {
  'package.json': '{}',
  'package-lock.json': '{"lockfileVersion":3}',
  'tsconfig.json': '{}',
  'db/migrations/0000_begin.sql': 'select 1;',
  'platform/runtime/boot.ts': 'export {};',
  'functions/ask/app.ts': 'export const answer = 1;',
};

/** The files of that checkout with changes; undefined takes one out. */
export const filesWith = (changes: Record<string, string | undefined> = {}): TarFile[] =>
  Object.entries({ ...content, ...changes }).flatMap(([path, text]) =>
    text === undefined ? [] : [{ path, contents: Buffer.from(text) }],
  );

export const requestFor = (changes: Partial<PushRequest> = {}): PushRequest => ({
  format: 1,
  units: ['ask'],
  revision: '1a2b3c4d5e',
  by: 'anna',
  ...changes,
});

export const archiveOf = (files: TarFile[], request = requestFor()): Promise<Buffer> => buffer(pack(request, files));
