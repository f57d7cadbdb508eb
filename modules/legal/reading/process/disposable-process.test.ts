import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDisposable } from '../../../../platform/capabilities/disposable/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function misbehave(how: string) {
  const path = join(folder, how);
  await writeFile(path, how);
  const file = await open(path);
  const entry = fileURLToPath(new URL('../fixtures/misbehaving-process.ts', import.meta.url));
  const child = startDisposable(entry, {
    memoryMb: 256,
    order: JSON.stringify({ timeoutMs: 60_000 }),
    document: file.fd,
  });
  await file.close();
  return child;
}

describe('a disposable process', () => {
  it('is ended by its own id, whatever it was started through', async () => {
    const child = await misbehave('spin');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
  });
});
