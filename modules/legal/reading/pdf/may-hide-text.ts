import { constants, inflateSync } from 'node:zlib';

/*
 * Whether a file may have text in the colour of paper, or text that is not painted. To find it on a page another program has to
 * read all of it once more, for a fifth of a second and some milliseconds a page; a look at the operations of all streams
 * costs a fraction of that, and few files have such text.
 */

const longestDictionary = 1_000;
const mostBytes = 8 * 1024 * 1024;
const mostInAll = 256 * 1024 * 1024;
/** What holds no text, and would only cost time. */
const otherStreams =
  /\/(?:Subtype\s*\/Image|FontFile|Length1|DCTDecode|JPXDecode|CCITTFaxDecode|JBIG2Decode|ObjStm|XRef|Metadata)/;
/** Operations that keep and restore the colour, show text, choose a colour, and say how text is painted. */
const operation =
  /(?:^|[\s\])>])(?:(q|Q|Tj|TJ|'|")|((?:[\d.]{1,12}\s{1,3}){1,4})(?:g|rg|k|scn?)|([0-7])\s{1,3}Tr)(?=[\s[(</]|$)/g;
const NEARLY = 0.05;

/** False only where no stream can have such text. */
export function mayHideText(file: Buffer): boolean {
  let left = mostInAll;
  for (let at = file.indexOf('stream'); at !== -1; at = file.indexOf('stream', at)) {
    const end = file.indexOf('endstream', at);
    if (end === -1) return false;
    const dictionary = file.toString('latin1', Math.max(0, at - longestDictionary), at);
    const own = dictionary.slice(dictionary.lastIndexOf(' obj') + 1);
    const start = at + 6 + (file[at + 6] === 0x0d ? 2 : 1);
    at = end + 9;
    if (otherStreams.test(own)) continue;
    const content = contentOf(file.subarray(start, end), own);
    left -= content?.length ?? 0;
    if (content === undefined || left < 0 || hidesText(content)) return true;
  }
  return false;
}

/** Undefined for what cannot be unpacked here. */
function contentOf(stream: Buffer, dictionary: string): string | undefined {
  if (!/\/Filter/.test(dictionary)) return stream.toString('latin1');
  if (!/\/Filter\s*\[?\s*\/FlateDecode\s*\]?/.test(dictionary)) return undefined;
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostBytes };
    return inflateSync(stream, options).toString('latin1');
  } catch {
    return undefined;
  }
}

function hidesText(content: string): boolean {
  // Programs, fonts and tables of places are no operations.
  if (!content.includes('Tj') && !content.includes('TJ')) return false;
  const kept: boolean[] = [];
  let isWhite = false;
  for (const [, sign, operands, mode] of content.matchAll(operation)) {
    if (operands !== undefined) isWhite = mayBeWhite(operands.trim().split(/\s+/).map(Number));
    else if (mode !== undefined) {
      if (mode === '3') return true;
    } else if (sign === 'q') kept.push(isWhite);
    else if (sign === 'Q') isWhite = kept.pop() ?? false;
    else if (isWhite) return true;
  }
  return false;
}

/** One number is a gray, three are red, green and blue, four are inks. */
function mayBeWhite(parts: readonly number[]): boolean {
  const isLight = parts.every((part) => part >= 1 - NEARLY);
  const isBlank = parts.every((part) => part <= NEARLY);
  return parts.length === 4 ? isBlank : isLight;
}
