import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../../kernel/replace-file.ts';
import type { Home } from '../../services/home.ts';
import { readIfExists } from '../../services/processes.ts';

type Rooted = Pick<Home, 'root'>;

/** Why a target does not have more, and since when; part of a record. */
export const failureSchema = z.object({ at: z.iso.datetime(), since: z.iso.datetime(), message: z.string() });

/** A record of what is kept, in a file of a home's folder `backup`. */
export function recordFile<Schema extends z.ZodType>(name: string, schema: Schema) {
  const pathOf = ({ root }: Rooted) => join(root, 'backup', name);
  return {
    /** Undefined without a file, or where what it holds cannot be read. */
    async read(home: Rooted): Promise<z.output<Schema> | undefined> {
      const text = await readIfExists(pathOf(home));
      if (text === undefined) return undefined;
      try {
        return schema.safeParse(JSON.parse(text)).data;
      } catch {
        return undefined;
      }
    },
    write: (home: Rooted, record: z.output<Schema>, options?: Parameters<typeof replaceFile>[2]): Promise<void> =>
      replaceFile(pathOf(home), `${JSON.stringify(record, null, 1)}\n`, options),
    remove: (home: Rooted): Promise<void> => rm(pathOf(home), { force: true }),
  };
}
