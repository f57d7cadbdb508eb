import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Sql } from 'postgres';
import { connect } from '../../db/connect.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import type { QueueDefinition } from '../capabilities/queue/pgboss/prepare-queues.ts';
import { ensureKeyPair } from '../capabilities/signing-keys/key-pair.ts';
import { storageKeyOf } from '../capabilities/storage/storage-key.ts';
import { findBinaries } from '../services/binaries.ts';
import type { Home } from '../services/home.ts';
import { startPostgres } from '../services/postgres.ts';
import type { Service } from '../services/processes.ts';
import { removeWithHomes } from '../services/remove-home.ts';
import { temporaryHome } from '../services/temporary-home.ts';
import { placesOf, recordHome } from '../supervisor/home/whole-home.ts';
import { memoryFolder } from '../testing/memory-folder.ts';
import { type BackupPlace, openBackupPlace } from './backup-place.ts';
import { hashFile } from './content/inventory.ts';
import { keysIn, withLightKey } from './repository/light-key.fixture.ts';

/** Whether backups can be made here; tests that need them are skipped with a message otherwise. */
export const hasRestic: boolean = await findBinaries(['restic']).then(
  () => true,
  () => false,
);
if (!hasRestic) process.stdout.write('SKIPPED: backups, since restic is not installed\n');

export const PASSPHRASE = 'a passphrase of the tests';

/** The data of a platform, with a server that runs, and without processes. */
export interface PlatformData {
  home: Home;
  path: string;
  /** For targets of backups and restored homes. */
  folder: string;
  server: Service;
  owner: Sql;
  organizationId: string;
  placeAt(target: string, passphrase?: string): Promise<BackupPlace>;
  /** A document with its file. @returns the path of the file */
  addDocument(content: string | Buffer, organizationId?: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * @param options.isOnDisk not in memory, for much content
 * @param options.isKeyLight without it, each call of restic takes what it takes an operator
 */
export async function platformData({
  isOnDisk = false,
  isKeyLight = true,
  queues = [],
}: {
  isOnDisk?: boolean;
  isKeyLight?: boolean;
  queues?: readonly QueueDefinition[];
} = {}): Promise<PlatformData> {
  const within = isOnDisk ? undefined : await memoryFolder();
  const { home, path, remove } = await temporaryHome({ within });
  const folder = await mkdtemp(join(within ?? tmpdir(), 'pandect-backup-'));
  const server = await startPostgres({
    home,
    binaries: await findBinaries(['postgres']),
    settings: { fsync: 'off', max_connections: '130' },
  });
  await migrateDatabase(server.url, { queues });
  const places = placesOf(home, {});
  await ensureKeyPair(places.keys.privatePath, places.keys.publicPath);
  await recordHome(places, server.url, crypto.randomUUID());
  await writeFile(join(home.caddy, 'certificate.pem'), 'a certificate');
  const owner = connect(server.url, { max: 2 });
  const [row] = await owner<
    { id: string }[]
  >`insert into organizations (name, tier) values ('Test', 'basic') returning id`;
  const organizationId = row?.id ?? '';
  return {
    ...{ home, path, folder, server, owner, organizationId },
    async placeAt(target, passphrase = PASSPHRASE) {
      const place = await openBackupPlace(home, {
        settings: {
          ...{ DATABASE_URL: undefined, STORAGE: 'local', BACKUP_TO: target, BACKUP_PASSPHRASE: passphrase },
          ...{ BACKUP_S3_ACCESS_KEY_ID: undefined, BACKUP_S3_SECRET_ACCESS_KEY: undefined },
          BACKUP_S3_REGION: undefined,
        },
        source: { SMTP_HOST: 'mail.example.org' },
        variables: [],
      });
      return isKeyLight ? { ...place, repository: withLightKey(place.repository, keysIn(target), passphrase) } : place;
    },
    async addDocument(content, owning = organizationId) {
      const key = storageKeyOf(crypto.randomUUID());
      const file = join(home.files, key);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      await owner`
        insert into documents (organization_id, title, file_name, format, bytes, sha256, storage_key)
        values (${owning}, 't', 'f.txt', 'txt', ${content.length}, ${await hashFile(file)}, ${key})`;
      return file;
    },
    async close() {
      await owner.end({ timeout: 5 });
      await server.stop();
      await removeWithHomes(folder);
      await remove();
    },
  };
}
