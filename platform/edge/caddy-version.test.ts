import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { assertMayServe, isCurrent } from './caddy-version.ts';

const folder = await mkdtemp(join(tmpdir(), 'pandect-test-caddy-version-'));
afterAll(() => rm(folder, { recursive: true }));

async function program(version: string): Promise<string> {
  const path = join(folder, version.replaceAll(/\W/g, '-'));
  await writeFile(path, `#!/bin/sh\necho '${version}'\n`);
  await chmod(path, 0o755);
  return path;
}

describe('the version of Caddy', () => {
  it.each([
    ['2.6.2', false],
    ['v2.7.6 h1:w0NymbG2m9PcvKWsrXO6EEkY9Ru4FJK8uQbYcev1p3A=', false],
    ['v2.8.4 h1:q3pe0wpBj1OcHFZ3n/1nl4V4bxBrYoSoab7rL9BMYNk=', true],
    ['v2.10.0', true],
    ['v3.0.0-beta.1', true],
    ['(devel)', undefined],
  ])('%s may serve HTTPS: %s', (output, expected) => {
    expect(isCurrent(output)).toBe(expected);
  });

  it('that is old serves plain HTTP and no domain', async () => {
    const old = await program('2.6.2');
    await expect(assertMayServe(old, ':8080')).resolves.toBeUndefined();
    await expect(assertMayServe(old, 'legal.example.com')).rejects.toThrow(
      'Serve "legal.example.com" over HTTPS: Caddy is 2.6.2; install Caddy 2.8 or newer',
    );
    await expect(assertMayServe(await program('v2.9.1'), 'legal.example.com')).resolves.toBeUndefined();
  });
});
