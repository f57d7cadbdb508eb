import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../platform.ts';

/** What a page tells its reader to write into files, and to run. */
export interface Page {
  /** The first line of a block names its file, as a comment. */
  files: { path: string; content: string; language: string }[];
  /** Blocks of `bash`, in order. */
  scripts: string[];
}

const block = /^```(bash|typescript|python|yaml)\n([\s\S]*?)^```$/gm;

/** @param path from the checkout @throws Error for a block without a file name */
export async function readPage(path: string): Promise<Page> {
  const text = await readFile(join(checkout, path), 'utf8');
  const page: Page = { files: [], scripts: [] };
  for (const [, language = '', content = ''] of text.matchAll(block)) {
    if (language === 'bash') page.scripts.push(content);
    else {
      const [, name = ''] = /^(?:\/\/|#) (\S+)\n/.exec(content) ?? [];
      if (name === '')
        throw new Error(`Read page "${path}": a block of ${language} does not begin with the name of its file`);
      page.files.push({ path: name, content, language });
    }
  }
  return page;
}
