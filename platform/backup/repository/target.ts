import { isAbsolute } from 'node:path';

/** Where backups go, in restic's words, and what it needs in its environment to get there. */
export interface Target {
  repository: string;
  environment: Record<string, string>;
  /** Whether the target is a folder of this host. */
  isFolder: boolean;
}

export interface TargetSettings {
  BACKUP_TO: string | undefined;
  BACKUP_S3_ACCESS_KEY_ID: string | undefined;
  BACKUP_S3_SECRET_ACCESS_KEY: string | undefined;
  BACKUP_S3_REGION: string | undefined;
}

/** @throws when BACKUP_TO is unset, or is S3 without a key */
export function readTarget(settings: TargetSettings): Target {
  const { BACKUP_TO: to, BACKUP_S3_ACCESS_KEY_ID: id, BACKUP_S3_SECRET_ACCESS_KEY: secret } = settings;
  if (to === undefined) {
    throw new Error(
      'Find backup target: set BACKUP_TO to a folder on another disk, sftp:user@host:/folder or s3:https://host/bucket',
    );
  }
  if (!to.startsWith('s3:')) return { repository: to, environment: {}, isFolder: isAbsolute(to) };
  if (!id || !secret) {
    throw new Error(`Find backup target "${to}": set BACKUP_S3_ACCESS_KEY_ID and BACKUP_S3_SECRET_ACCESS_KEY`);
  }
  const region = settings.BACKUP_S3_REGION;
  const environment = {
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secret,
    ...(region && { AWS_DEFAULT_REGION: region }),
  };
  return { repository: to, environment, isFolder: false };
}
