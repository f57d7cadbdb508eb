import { ParseFailure } from '../contract.ts';
import { createTextFlow } from '../markup/text-flow.ts';
import { type Reader, requireAtMost } from '../reading.ts';
import { readRtfText } from './text.ts';

/** Rich Text Format, in the code pages and escapes of Word of all ages. Embedded objects are never opened, but noticed. */
export const readRtf: Reader = async ({ bytes, limits }, output) => {
  requireAtMost(limits.unpackedBytes, bytes.length, 'bytes');
  if (!bytes.subarray(0, 5).equals(Buffer.from('{\\rtf'))) {
    throw new ParseFailure('wrong-content', 'Read RTF: its beginning is missing');
  }
  const flow = createTextFlow(limits);
  const title = readRtfText(bytes, flow, (kind, detail) =>
    output.notice({ kind, page: null, ...(detail === '' ? {} : { detail }) }),
  );
  await output.page(flow.end());
  return { hasPages: false, title };
};
