import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newPrivateKey, publicHalf } from '../../capabilities/signing-keys/key-pair.ts';
import { publicKeysIn } from '../../capabilities/signing-keys/key-ring.ts';
import type { Log } from '../../kernel/log.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import { giveKey } from '../../services/give-key.ts';
import type { Home } from '../../services/home.ts';
import { readIfExists } from '../../services/processes.ts';

interface SigningKeys {
  home: Home;
  keys: { privatePath: string; publicPath: string };
}

/** Processes look at their keys once a second. */
const KNOWN_AFTER_MS = 3_000;
/** Clocks differ, and a token may be under way when it expires. */
const MARGIN_MINUTES = 5;
const LOOK_MS = 30_000;

const duePath = ({ keys }: Home) => join(keys, 'jwt-rotation.json');

/**
 * A new signing key while people work: its public half is added, which every process notices; then tokens are signed with
 * it; the public halves of before go when no token of theirs is valid any more. Nothing is restarted and no one is signed
 * out. Cut off anywhere, it continues where it was when it is done again.
 * @param lifetime minutes that an access token is valid
 * @returns when the earlier public keys are dropped
 */
export async function rotateSigningKey(
  { home, keys }: SigningKeys,
  lifetime: number,
  report: (message: string) => void,
): Promise<{ dropAt: string }> {
  const { privatePath, publicPath } = keys;
  const next = `${privatePath}.rotating`;
  if (!existsSync(next)) await replaceFile(next, await newPrivateKey(), { flush: true });
  const added = await publicHalf(next);
  const known = publicKeysIn(await readFile(publicPath, 'utf8'));
  await writePublic({ keys }, [added, ...known]);
  report(`added the new public key to ${known.length} earlier`);
  await sleep(KNOWN_AFTER_MS);

  const dropAt = new Date(Date.now() + (lifetime + MARGIN_MINUTES) * 60_000).toISOString();
  // Before the switch: a key that is dropped late does no harm.
  await replaceFile(duePath(home), JSON.stringify({ dropAt }), { flush: true });
  await giveKey(home, next, 'signing');
  await rename(next, privatePath);
  report(`new tokens are signed with the new key; earlier public keys are kept until ${dropAt}`);
  return { dropAt };
}

/** Drops public keys whose time is over, now and from time to time. */
export function dropEarlierKeys(signing: SigningKeys, log: Log): { stop(): void } {
  const look = async () => {
    const text = await readIfExists(duePath(signing.home));
    if (text === undefined || Date.parse(JSON.parse(text).dropAt) > Date.now()) return;
    // One that was added by a rotation under way stays.
    const next = `${signing.keys.privatePath}.rotating`;
    const kept = [signing.keys.privatePath, ...(existsSync(next) ? [next] : [])];
    await writePublic(signing, await Promise.all(kept.map(publicHalf)));
    await rm(duePath(signing.home), { force: true });
    log.info('Signing keys: the earlier public keys are dropped');
  };
  const run = () => void look().catch((error: unknown) => log.error({ error }, 'Signing keys: not dropped'));
  run();
  const timer = setInterval(run, LOOK_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

async function writePublic({ keys }: Pick<SigningKeys, 'keys'>, blocks: string[]): Promise<void> {
  const lines = [...new Set(blocks.map((block) => `${block.trim()}\n`))];
  await replaceFile(keys.publicPath, lines.join(''), { mode: 0o644, flush: true });
}
