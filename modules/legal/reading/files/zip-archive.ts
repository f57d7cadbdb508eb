import { crc32, inflateRawSync } from 'node:zlib';
import { type Entry, fromBuffer } from 'yauzl';
import { ParseFailure } from '../contract.ts';

/*
 * Reads the parts of an Office file from memory. The library reads the directory of the archive; parts are unpacked here, one by
 * one when asked for: what they unpack to is counted, as headers lie, and stops at the budget. Names are only compared, never used
 * as paths.
 */

const endSignature = Buffer.from('PK\u0005\u0006', 'latin1');
const localSignature = 0x04034b50;
const endLength = 22;
const LONGEST_COMMENT = 0xffff;
/** As many as an archive without the extension for large ones can name. */
const MOST_PARTS = 65_535;

export interface ZipArchive {
  has(name: string): boolean;
  /** @throws ParseFailure `damaged`, `encrypted`, or `too-large` when all that was read is more than the budget. */
  read(name: string): Buffer;
}

const damaged = (what: string, cause?: unknown) => new ParseFailure('damaged', `Read archive: ${what}`, { cause });
const encrypted = () => new ParseFailure('encrypted', 'Read archive: a part is encrypted');

/** @throws ParseFailure `damaged` when the bytes are no whole ZIP archive, `too-large` when it has too many parts */
export async function openZip(bytes: Buffer, budget: { unpackedBytes: number }): Promise<ZipArchive> {
  const parts = await readDirectory(withoutTail(bytes));
  let left = budget.unpackedBytes;
  return {
    has: (name) => parts.has(name),
    read(name) {
      const entry = parts.get(name);
      if (entry === undefined) throw damaged('a part is missing');
      if (entry.isEncrypted()) throw encrypted();
      const content = unpack(packedContent(bytes, entry), entry.compressionMethod, left);
      left -= content.length;
      if (crc32(content) !== entry.crc32) throw damaged('a part does not match its checksum');
      return content;
    },
  };
}

/** The parts by their names; of several with one name the last. */
function readDirectory(bytes: Buffer): Promise<Map<string, Entry>> {
  const { promise, resolve, reject } = Promise.withResolvers<Map<string, Entry>>();
  // The library checks names that it decodes, since others write files under them, and sizes, which are counted here.
  const options = { lazyEntries: true, decodeStrings: false, validateEntrySizes: false };
  const fail = (error: Error) => {
    // It says so of the whole archive, with no code.
    reject(error.message.startsWith('strong encryption') ? encrypted() : damaged('its directory is broken', error));
  };
  fromBuffer(bytes, options, (error, file) => {
    if (error) return fail(error);
    if (file.entryCount > MOST_PARTS) {
      return reject(new ParseFailure('too-large', 'Read archive: it has more parts than allowed'));
    }
    const parts = new Map<string, Entry>();
    file.on('error', fail);
    file.on('end', () => resolve(parts));
    file.on('entry', (entry) => {
      parts.set(String(entry.fileName), entry);
      file.readEntry();
    });
    file.readEntry();
  });
  return promise;
}

/**
 * The archive without what mail servers and downloads append to it, which the library takes for a mistake. The end record stands
 * last, before a comment of unknown length.
 */
function withoutTail(bytes: Buffer): Buffer {
  const last = bytes.length - endLength;
  const end = last < 0 ? -1 : bytes.lastIndexOf(endSignature, last);
  const behind = last - end;
  if (end === -1 || behind > LONGEST_COMMENT || bytes.readUInt16LE(end + endLength - 2) === behind) return bytes;
  const whole = Buffer.from(bytes.subarray(0, end + endLength));
  whole.writeUInt16LE(0, end + endLength - 2);
  return whole;
}

/** Of the header before the content only the lengths count. The library would read it in a turn of the event loop of its own. */
function packedContent(bytes: Buffer, { relativeOffsetOfLocalHeader: header, compressedSize }: Entry): Buffer {
  if (header + 30 > bytes.length || bytes.readUInt32LE(header) !== localSignature) {
    throw damaged('a part has no header');
  }
  const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
  if (start + compressedSize > bytes.length) throw damaged('a part is cut off');
  return bytes.subarray(start, start + compressedSize);
}

function unpack(packed: Buffer, method: number, left: number): Buffer {
  const tooLarge = () => new ParseFailure('too-large', 'Read archive: it unpacks to more than allowed');
  if (method === 0) {
    if (packed.length > left) throw tooLarge();
    return packed;
  }
  if (method !== 8) throw damaged(`packing method ${method} is unknown`);
  if (left === 0) throw tooLarge();
  try {
    return inflateRawSync(packed, { maxOutputLength: left });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge()
      : damaged('a part is broken', error);
  }
}
