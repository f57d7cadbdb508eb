import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createOutboundFetch } from '../outbound/index.ts';
import type { FileStorage } from './contract.ts';
import { createLocalStorage } from './local-storage.ts';
import { openS3, type StorageSettings } from './open-storage.ts';
import type { S3Storage } from './s3/s3-storage.ts';
import { newStorageKey } from './storage-key.ts';

export interface StorageTrial {
  step: string;
  state: 'ok' | 'warn' | 'fail';
  detail: string;
}

const BYTES = 4096;

/**
 * Tries with a file of its own whatever the platform does with stored files, step by step until one fails. The file is removed at the
 * end.
 */
export async function* tryStorage(settings: StorageSettings): AsyncGenerator<StorageTrial> {
  const key = newStorageKey();
  const content = randomBytes(BYTES);
  let storage: FileStorage | undefined;
  try {
    const s3 = settings.STORAGE === 's3' ? await openS3(settings) : undefined;
    const tried = s3 ?? createLocalStorage({ directory: settings.UPLOAD_DIR });
    storage = tried;
    for (const [step, act] of steps(tried, s3, { key, content }, settings)) {
      const trial = await act().then(
        (outcome) => ({ step, state: 'ok' as const, ...outcome }),
        (error: Error) => ({ step, state: 'fail' as const, detail: error.message }),
      );
      yield trial;
      if (trial.state === 'fail') return;
    }
  } finally {
    await storage?.remove(key).catch(() => {});
  }
}

type Step = [name: string, act: () => Promise<{ state?: 'warn'; detail: string }>];

function steps(
  storage: FileStorage,
  s3: S3Storage | undefined,
  { key, content }: { key: string; content: Buffer },
  settings: StorageSettings,
): Step[] {
  const read = async (range?: { start: number; end: number }) => buffer((await storage.read(key, range)).stream);
  const all: Step[] = [
    [
      'write',
      async () => {
        await storage.write(key, Readable.from([content]), { maxBytes: BYTES });
        return { detail: `${BYTES} bytes` };
      },
    ],
    ['read', async () => same(await read(), content)],
    ['read a part', async () => same(await read({ start: 100, end: 199 }), content.subarray(100, 200))],
    ['list', async () => ({ detail: await findListed(storage, key) })],
    [
      'remove',
      async () => {
        await storage.remove(key);
        if (await storage.has(key)) throw new Error('the file is still there');
        return { detail: 'the file is gone' };
      },
    ],
  ];
  if (!s3) return all;
  const versions: Step = ['versioning', () => judgeVersions(s3)];
  return [
    ...all.slice(0, 4),
    ['presigned address', () => readPresigned(s3, key, content, settings)],
    all[4] as Step,
    versions,
  ];
}

function same(found: Buffer, expected: Buffer) {
  if (!found.equals(expected)) throw new Error('what is read is not what was written');
  return { detail: `${found.length} bytes, as written` };
}

/** The first files are enough to know that the key may list. */
async function findListed(storage: FileStorage, key: string): Promise<string> {
  let count = 0;
  for await (const file of storage.list()) {
    if (file.key === key) return 'the file is listed';
    count += 1;
    if (count === 1000) return 'files are listed';
  }
  throw new Error('the file is not listed');
}

async function readPresigned(storage: S3Storage, key: string, content: Buffer, settings: StorageSettings) {
  const url = (await storage.presign(key, { disposition: 'attachment', mediaType: 'text/plain' })) ?? '';
  if (settings.S3_PUBLIC_ENDPOINT) return { detail: `for ${new URL(url).host}, which browsers reach: not tried` };
  const outbound = createOutboundFetch(settings.OUTBOUND_WHITELIST, {
    internalHosts: settings.OUTBOUND_INTERNAL_HOSTS,
  });
  const response = await outbound(url);
  const found = Buffer.from(await response.arrayBuffer());
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return same(found, content);
}

async function judgeVersions(storage: S3Storage) {
  const isVersioned = await storage.isVersioned().catch(() => undefined);
  if (isVersioned === false) return { detail: 'off: what is removed is gone' };
  const detail = isVersioned
    ? 'on: files that are erased stay as versions; suspend it or delete noncurrent versions by a lifecycle rule'
    : 'not known: the key may not ask; see that it is off';
  return { state: 'warn' as const, detail };
}
