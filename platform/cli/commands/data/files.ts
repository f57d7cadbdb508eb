import type { Command } from 'commander';
import { isReconciled } from '../../../backup/restore/restored-record.ts';
import { ask, currentHome } from '../../control-client.ts';
import type { MissingFile, OrphanedFile } from '../../operator-answers.ts';
import { examples, print, table } from '../../output.ts';
import { bytes, dateTime } from '../../quantities.ts';

const someKey = '0b/0b5c3f0e-7d0c-4a52-9f0a-2f1d8f6a3c11';

export function files(program: Command): void {
  const command = program
    .command('files')
    .description('Compare the stored files with the database, and decide about files that no document has');

  command
    .command('missing')
    .description('List documents whose file is not in the storage; status 1 when there are any')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect files missing', 'pandect files missing --json'))
    .action(async ({ json }) => {
      const rows = await ask<MissingFile[]>('GET', '/operator/files/missing');
      const lines = rows.map((row) => [row.documentId, row.organizationId, row.storageKey, dateTime(row.since)]);
      const header = ['DOCUMENT', 'ORGANIZATION', 'KEY', 'MISSING SINCE'];
      print(json, rows, rows.length > 0 ? table(header, lines) : 'Every document has its file');
      if (rows.length > 0) process.exitCode = 1;
    });

  const orphans = command
    .command('orphans')
    .description(
      'Stored files that no document has: uploads that were cut off, or files newer than a restored database',
    );

  orphans
    .command('list')
    .description('List them as the last sweep found them, which is made every ten minutes')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect files orphans list', 'pandect files orphans list --json'))
    .action(async ({ json }) => {
      const rows = await ask<OrphanedFile[]>('GET', '/operator/files/orphans');
      const lines = rows.map((row) => [row.storageKey, bytes(row.bytes), dateTime(row.storedAt)]);
      print(
        json,
        rows,
        rows.length > 0 ? table(['KEY', 'SIZE', 'STORED'], lines) : 'No stored file is without a document',
      );
    });

  orphans
    .command('delete [keys...]')
    .description(
      'Have them deleted for good by the next sweep. After a restore, look first whether a newer backup has their documents',
    )
    .option('--all', 'every one that is listed')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(`pandect files orphans delete ${someKey}`, 'pandect files orphans delete --all'))
    .action(async (keys: string[], { all, json }) => {
      if (!isReconciled(await currentHome())) {
        throw new Error(
          'Delete orphans: this home was restored, and its files may belong to rows of a newer backup; see pandect reconcile',
        );
      }
      if (all ? keys.length > 0 : keys.length === 0) throw new Error('Delete orphans: name their keys, or --all');
      const deleted = await ask<string[]>('POST', '/operator/files/delete-orphans', all ? {} : { keys });
      print(json, { deleted }, `${deleted.length} files will be deleted within ten minutes`);
    });
}
