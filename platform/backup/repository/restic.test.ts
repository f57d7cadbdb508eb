import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRestic } from './restic.ts';

it('waits long for another process only where it is asked to: what tidies up keeps new files from the target', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-restic-'));
  const program = join(folder, 'restic');
  // Locked until it was asked twice, as by an upload that ends.
  const script = `case "$*" in *unlock*) exit 0 ;; esac
echo >>"${folder}/asked"
if [ "$(wc -l <"${folder}/asked")" -le "$LIMIT" ]; then echo 'repository is already locked' >&2; exit 11; fi`;
  const answering = async (locked: number) => {
    await rm(join(folder, 'asked'), { force: true });
    await writeFile(program, `#!/bin/sh\nLIMIT=${locked}\n${script}\n`);
    await chmod(program, 0o755);
    const target = { repository: '/nowhere', environment: {}, isFolder: true };
    return openRestic({ program, target, passphrase: 'a passphrase', cacheFolder: undefined, patienceMs: 0 });
  };
  try {
    await expect((await answering(1_000)).forget(['a'])).rejects.toThrow('another host or process is working');
    await (await answering(1)).forget(['a'], { isPatient: true });
  } finally {
    await rm(folder, { recursive: true });
  }
});
