import { describe, expect, it } from 'vitest';
import { failureOf } from './restic-failure.ts';
import { readTarget } from './target.ts';

const none = {
  ...{ BACKUP_TO: undefined, BACKUP_S3_ACCESS_KEY_ID: undefined, BACKUP_S3_SECRET_ACCESS_KEY: undefined },
  BACKUP_S3_REGION: undefined,
};

describe('readTarget', () => {
  it('takes folders and SFTP as they are', () => {
    const folder = readTarget({ ...none, BACKUP_TO: '/mnt/backups' });
    expect(folder).toEqual({ repository: '/mnt/backups', environment: {}, isFolder: true });
    expect(readTarget({ ...none, BACKUP_TO: 'sftp:me@host:/backups' })).toMatchObject({ isFolder: false });
  });

  it('gives the key of S3 in the environment, where other users cannot read it', () => {
    const BACKUP_TO = 's3:https://storage.example.org/backups';
    const key = { BACKUP_S3_ACCESS_KEY_ID: 'id', BACKUP_S3_SECRET_ACCESS_KEY: 'secret', BACKUP_S3_REGION: 'ru-1' };
    expect(readTarget({ ...key, BACKUP_TO }).environment).toEqual({
      ...{ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_DEFAULT_REGION: 'ru-1' },
    });
    expect(() => readTarget({ ...none, BACKUP_TO })).toThrow('set BACKUP_S3_ACCESS_KEY_ID');
  });

  it('asks for a target', () => {
    expect(() => readTarget(none)).toThrow('set BACKUP_TO to a folder on another disk');
  });
});

describe('failureOf', () => {
  it.each([
    [1, 'Fatal: wrong password or no key found', 'passphrase'],
    [12, 'Fatal: any words', 'passphrase'],
    [
      1,
      'Fatal: unable to open config file: stat /x/config: no such file or directory\nIs there a repository at the following location?\n/x',
      'missing',
    ],
    [
      1,
      'Fatal: unable to open config file: Stat: Access Denied.\nIs there a repository at the following location?\ns3:x',
      'other',
    ],
    [10, '', 'missing'],
    [1, 'unable to create lock in backend: repository is already locked by PID 7', 'locked'],
    [11, '', 'locked'],
    [1, 'Fatal: unable to create lock in backend: write /x: no space left on device', 'full'],
    [1, 'Fatal: something else', 'other'],
  ])('knows from status %i and %j that it is %s', (status, stderr, kind) => {
    expect(failureOf('Store', status, stderr)).toMatchObject({ kind });
  });
});
