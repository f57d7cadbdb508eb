import CFB from 'cfb';
import { type Notice, ParseFailure } from '../contract.ts';
import { oldWordMarks } from '../files/detect-format.ts';
import { createTextFlow } from '../markup/text-flow.ts';
import type { Reader } from '../reading.ts';
import { readDocFile } from './doc-file.ts';
import { isEncryptedOffice, isOle } from './ole-file.ts';
import { writeText } from './text.ts';

/**
 * Documents of Word 97 to 2003: paragraphs, table rows, results of fields, notes behind the paragraph that refers to
 * them; what form fields hold; deleted and hidden text left out, pictures and objects noticed. Numbers that Word computes for lists are not in such a file's text.
 */
export const readDoc: Reader = async ({ bytes, limits }, output) => {
  const beginning = bytes.subarray(0, 8).toString('latin1');
  if (oldWordMarks.some((mark) => beginning.startsWith(mark))) {
    throw new ParseFailure('old-word', 'Read DOC: the file is older than Word 6');
  }
  if (!isOle(bytes)) throw new ParseFailure('wrong-content', 'Read DOC: the file is no Word document');
  if (isEncryptedOffice(bytes)) throw new ParseFailure('encrypted', 'Read DOC: a password is needed');
  const container = CFB.read(bytes, { type: 'buffer' });
  const stream = (name: string): Buffer | undefined => {
    const content = CFB.find(container, name)?.content;
    return content && Buffer.from(content as Uint8Array);
  };
  const main = stream('WordDocument');
  if (!main) throw new ParseFailure('wrong-content', 'Read DOC: the container holds no Word document');
  const file = readDocFile(main, (name) => {
    const table = stream(name);
    if (!table) throw new ParseFailure('damaged', 'Read DOC: its tables are missing');
    return table;
  });
  const notice = (kind: Notice['kind'], detail: string) =>
    output.notice({ kind, page: null, ...(detail === '' ? {} : { detail }) });
  const flow = createTextFlow(limits);
  writeText({ file, data: stream('Data') ?? Buffer.alloc(0), flow, notice });
  await output.page(flow.end());
  return { hasPages: false, title: undefined };
};
