import { resolve } from 'node:path';
import { createLocalStorage } from '../../capabilities/storage/index.ts';
import { localUploads } from '../../capabilities/storage/partial-uploads.ts';
import type { Home } from '../../services/home.ts';

/**
 * What the files of this host have that other hosts do not reach, as after `PANDECT_HOSTS` was raised: a line for each, to be told at the
 * start.
 * @param source the operator's settings
 */
export async function describeLeftovers(
  home: Pick<Home, 'files'>,
  source: Record<string, string | undefined>,
  hosts: number,
): Promise<string[]> {
  if (hosts === 1) return [];
  const directory = resolve(source.UPLOAD_DIR || home.files);
  const open = (await Array.fromAsync(localUploads(directory))).filter(({ content }) => content !== undefined);
  const [file] = await Array.fromAsync(first(createLocalStorage({ directory }).list()));
  return [
    ...(open.length > 0
      ? [`Unfinished uploads of this host: ${open.length} move to the bucket, where every host continues them`]
      : []),
    ...(file === undefined
      ? []
      : ['Files of this host are not found by the others: move them with "pandect storage move --to s3"']),
  ];
}

async function* first<T>(all: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const one of all) {
    yield one;
    return;
  }
}
