import { ConfigurationError, type Environment } from '../../kernel/environment.ts';
import type { Log } from '../../kernel/log.ts';
import {
  OUTBOUND_INTERNAL_HOSTS,
  OUTBOUND_WHITELIST,
  PANDECT_HOSTS,
  S3_ACCESS_KEY_ID,
  S3_BUCKET,
  S3_ENDPOINT,
  S3_PATH_STYLE,
  S3_PUBLIC_ENDPOINT,
  S3_REGION,
  S3_SECRET_ACCESS_KEY,
  STORAGE,
  UPLOAD_DIR,
} from '../../kernel/variables.ts';
import type { Places } from '../outbound/places.ts';
import type { FileStorage } from './contract.ts';
import { createErasureJournal, type ErasureJournal } from './erasure-journal.ts';
import { createLocalStorage } from './local-storage.ts';
import { createMovingStorage } from './moving-storage.ts';
import { createPartialUploads, type PartialUploads } from './partial-uploads.ts';
import type { S3Storage, S3StorageOptions } from './s3/s3-storage.ts';

export const storageVariables = [
  ...[STORAGE, PANDECT_HOSTS, UPLOAD_DIR, OUTBOUND_WHITELIST, OUTBOUND_INTERNAL_HOSTS],
  ...[S3_ENDPOINT, S3_REGION, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_PATH_STYLE, S3_PUBLIC_ENDPOINT],
] as const;

export type StorageSettings = Environment<(typeof storageVariables)[number]>;

/**
 * The storage that the settings choose. On S3, files that were stored locally before are found as well.
 * @throws ConfigurationError for one that only one of several hosts would have
 */
export async function openStorage(settings: StorageSettings, places?: Places): Promise<FileStorage> {
  const { STORAGE: place, PANDECT_HOSTS: hosts } = settings;
  if (place === 'local' && hosts > 1) {
    throw new ConfigurationError([`STORAGE: "local": must be s3 with PANDECT_HOSTS=${hosts}`]);
  }
  const local = createLocalStorage({ directory: settings.UPLOAD_DIR });
  if (place === 'local') return local;
  return createMovingStorage({ to: await openS3(settings, places), from: local });
}

/** Where uploads wait until they are whole: on this machine's disk, or in the bucket where another host may get the next piece. */
export async function openPartialUploads(
  settings: StorageSettings,
  log: Log,
  places?: Places,
): Promise<PartialUploads> {
  const { STORAGE: place, PANDECT_HOSTS: hosts, UPLOAD_DIR: directory } = settings;
  const local = createPartialUploads({ directory });
  if (place === 'local') return local;
  const { createS3PartialUploads } = await import('./s3/s3-partial-uploads.ts');
  const shared = createS3PartialUploads(bucketOf(settings, places));
  const { createMovingUploads, createUploadsOfOne } = await import('./move-partial-uploads.ts');
  if (hosts === 1) return createUploadsOfOne(local, shared);
  return createMovingUploads(
    { directory, to: shared },
    {
      onMoved(moved) {
        if (Object.values(moved).some((count) => count > 0)) log.info(moved, 'Moved unfinished uploads to the bucket');
      },
      onFailure: (error) => log.warn({ error }, 'Move unfinished uploads: failed; clients have to begin them again'),
    },
  );
}

/** Where erasures are noted: in the folder of files, and in the bucket where there is one, so that every host sees them. */
export async function openErasureJournal(settings: StorageSettings, places?: Places): Promise<ErasureJournal> {
  const directory = settings.UPLOAD_DIR;
  if (settings.STORAGE === 'local') return createErasureJournal({ directory });
  const { createS3Erasures } = await import('./s3/s3-erasures.ts');
  return createErasureJournal({ directory, shared: createS3Erasures(bucketOf(settings, places)) });
}

/** @throws Error for a setting that is missing, or an endpoint that the platform may not call */
export async function openS3(settings: StorageSettings, places?: Places): Promise<S3Storage> {
  // Who stores locally does not pay for it.
  const { createS3Storage } = await import('./s3/s3-storage.ts');
  return createS3Storage(bucketOf(settings, places));
}

function bucketOf(settings: StorageSettings, places: Places | undefined): S3StorageOptions {
  const { S3_ENDPOINT: endpoint, S3_BUCKET: bucket } = settings;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = settings;
  if (!endpoint || !bucket || !accessKeyId || !secretAccessKey) throw new Error('Open S3: a setting is missing');
  return {
    ...{ endpoint, bucket, accessKeyId, secretAccessKey },
    publicEndpoint: settings.S3_PUBLIC_ENDPOINT,
    region: settings.S3_REGION,
    isPathStyle: settings.S3_PATH_STYLE,
    directory: settings.UPLOAD_DIR,
    allowedHosts: settings.OUTBOUND_WHITELIST,
    internalHosts: settings.OUTBOUND_INTERNAL_HOSTS,
    places,
  };
}
