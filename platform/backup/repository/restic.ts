import { z } from 'zod';
import { ResticFailure } from './restic-failure.ts';
import { createRestic, type ResticOptions } from './run-restic.ts';

export interface Snapshot {
  id: string;
  /** Of the home. */
  hostname: string;
  tags: string[];
  time: Date;
}

export interface StoredFile {
  /** Within the folder that was stored, with a slash at its start. */
  path: string;
  bytes: number;
}

/** The encrypted, deduplicated repository that backups are stored in. All of it throws `ResticFailure`. */
export interface Repository {
  /** Its id; undefined when nothing is there. @throws on a wrong passphrase */
  find(): Promise<string | undefined>;
  create(): Promise<void>;
  snapshots(tags: string[]): Promise<Snapshot[]>;
  /** Stores a folder's content. @returns the id of the snapshot and the bytes that it added to the repository */
  store(folder: string, options: StoreOptions): Promise<{ id: string; added: number }>;
  files(snapshot: string): Promise<StoredFile[]>;
  /** One small file of a snapshot. */
  read(snapshot: string, path: string): Promise<string>;
  restore(snapshot: string, folder: string, only?: readonly string[]): Promise<void>;
  /**
   * Removes snapshots; their content stays until `prune`.
   * @param options.isPatient waits for minutes, where no one waits for this
   * @throws ResticFailure `locked` while something else works on the repository
   */
  forget(snapshots: readonly string[], options?: { isPatient?: boolean }): Promise<void>;
  /** Removes content that no snapshot has. Nothing else can work on the repository while it lasts. @throws as `forget` */
  prune(): Promise<void>;
  /** Reads everything back and compares it with its hashes. What is added while it lasts is not held up. */
  check(): Promise<void>;
  /** Asks the target for what it has, without reading content back. */
  checkPresence(): Promise<void>;
}

interface StoreOptions {
  home: string;
  tags: readonly string[];
  /** Absolute paths. */
  exclude?: readonly string[];
  /** Files that are deleted during the copy are left out. */
  isInUse?: boolean;
  /** Ends the attempt, which leaves nothing but content that `prune` removes. */
  signal?: AbortSignal;
}

const FORGOTTEN_AT_ONCE = 500;
/** What removes has to be alone. A large upload takes longer than this: then it is for another time. */
const REMOVAL_PATIENCE_MS = 300_000;

const snapshot = z.object({
  id: z.string(),
  hostname: z.string(),
  tags: z.array(z.string()).nullish(),
  time: z.string(),
});

export function openRestic(options: ResticOptions): Repository {
  const { once, run } = createRestic(options);
  return {
    async find() {
      try {
        const answer = await once('Open backup repository', ['cat', 'config', '--no-lock']);
        return z.object({ id: z.string() }).parse(JSON.parse(answer)).id;
      } catch (error) {
        if (error instanceof ResticFailure && error.kind === 'missing') return undefined;
        throw error;
      }
    },
    create: async () => void (await once('Create backup repository', ['init'])),
    async snapshots(tags) {
      const answer = await run('List backups', [
        'snapshots',
        '--json',
        '--no-lock',
        ...(tags.length > 0 ? ['--tag', tags.join(',')] : []),
      ]);
      return (
        z
          .array(snapshot)
          .nullable()
          .parse(JSON.parse(answer))
          ?.map(({ tags, time, ...rest }) => ({ ...rest, tags: tags ?? [], time: new Date(time) })) ?? []
      );
    },
    async store(folder, { home, tags, exclude = [], isInUse = false, signal }) {
      const answer = await run(
        `Store "${folder}"`,
        [
          'backup',
          '--json',
          '--quiet',
          '--host',
          home,
          '--tag',
          tags.join(','),
          ...exclude.map((path) => `--exclude=${path}`),
          '.',
        ],
        { cwd: folder, mayMiss: isInUse, ...(signal && { signal }) },
      );
      const last = z
        .object({ message_type: z.literal('summary'), snapshot_id: z.string(), data_added: z.number() })
        .parse(JSON.parse(answer.trim().split('\n').at(-1) ?? ''));
      return { id: last.snapshot_id, added: last.data_added };
    },
    async files(id) {
      const answer = await run('List files of a backup', ['ls', '--json', '--no-lock', id]);
      const node = z.object({
        struct_type: z.string(),
        type: z.string().optional(),
        path: z.string().optional(),
        size: z.number().default(0),
      });
      return answer
        .trim()
        .split('\n')
        .map((line) => node.parse(JSON.parse(line)))
        .flatMap(({ type, path, size }) => (type === 'file' && path !== undefined ? [{ path, bytes: size }] : []));
    },
    read: (id, path) => run(`Read "${path}" of a backup`, ['dump', '--no-lock', id, path]),
    async restore(id, folder, only = []) {
      const doing = `Restore into "${folder}"`;
      const included = only.map((path) => `--include=${path}`);
      await run(doing, ['restore', id, '--no-lock', '--target', folder, ...included]).catch((error: unknown) => {
        const isFull = error instanceof ResticFailure && error.kind === 'full';
        throw isFull ? new Error(`${doing}: no space is left on its disk`, { cause: error }) : error;
      });
    },
    async forget(ids, { isPatient = false } = {}) {
      const call = isPatient ? { patienceMs: REMOVAL_PATIENCE_MS } : {};
      // A host takes only so long a command line.
      for (let from = 0; from < ids.length; from += FORGOTTEN_AT_ONCE) {
        const some = ids.slice(from, from + FORGOTTEN_AT_ONCE);
        await run('Remove old backups', ['forget', '--quiet', ...some], call);
      }
    },
    prune: async () =>
      void (await run('Remove old backups', ['prune', '--quiet'], { patienceMs: REMOVAL_PATIENCE_MS })),
    check: async () => void (await run('Verify backups', ['check', '--read-data', '--quiet', '--no-lock'])),
    checkPresence: async () => void (await run('Verify backups', ['check', '--quiet', '--no-lock'])),
  };
}
