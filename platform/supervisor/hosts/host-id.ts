import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../../kernel/replace-file.ts';
import type { Home } from '../../services/home.ts';
import { readIfExists } from '../../services/processes.ts';

const record = z.object({ id: z.uuid() });

/** The id of the host that this home is of; made at its first start. */
export async function hostIdOf({ root }: Pick<Home, 'root'>): Promise<string> {
  const path = join(root, 'host.json');
  const text = await readIfExists(path);
  if (text !== undefined) return record.parse(JSON.parse(text)).id;
  const id = randomUUID();
  await replaceFile(path, `${JSON.stringify({ id })}\n`, { flush: true });
  return id;
}
