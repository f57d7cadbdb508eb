import { crc32, inflateRawSync } from 'node:zlib';
import { ParseFailure } from '../contract.ts';

/*
 * Just enough of ZIP (APPNOTE 6.3.x) to read the parts of an Office file from memory. Entries are found through the
 * central directory and unpacked one by one, when asked for; what they unpack to is counted, as headers lie, and
 * stops at the budget. Names are only compared, never used as paths.
 */

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endLength = 22;
const longestComment = 0xffff;

interface Entry {
  flags: number;
  method: number;
  crc: number;
  packedBytes: number;
  localOffset: number;
}

export interface ZipArchive {
  has(name: string): boolean;
  /** @throws ParseFailure `damaged`, `encrypted`, or `too-large` when all that was read is more than the budget. */
  read(name: string): Buffer;
}

const damaged = (what: string, cause?: unknown) => new ParseFailure('damaged', `Read archive: ${what}`, { cause });

/** @throws ParseFailure `damaged` when the bytes are no whole ZIP archive. */
export function openZip(bytes: Buffer, budget: { unpackedBytes: number }): ZipArchive {
  const entries = readDirectory(bytes);
  let left = budget.unpackedBytes;
  return {
    has: (name) => entries.has(name),
    read(name) {
      const entry = entries.get(name);
      if (entry === undefined) throw damaged('a part is missing');
      const content = unpack(packedContent(bytes, entry), entry.method, left);
      left -= content.length;
      if (crc32(content) !== entry.crc) throw damaged('a part does not match its checksum');
      return content;
    },
  };
}

function readDirectory(bytes: Buffer): Map<string, Entry> {
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  let position = bytes.readUInt32LE(end + 16);
  const entries = new Map<string, Entry>();
  for (let index = 0; index < count; index += 1) {
    if (position + 46 > end || bytes.readUInt32LE(position) !== entrySignature)
      throw damaged('its directory is broken');
    const nameLength = bytes.readUInt16LE(position + 28);
    const name = bytes.toString('utf8', position + 46, position + 46 + nameLength);
    entries.set(name, {
      flags: bytes.readUInt16LE(position + 8),
      method: bytes.readUInt16LE(position + 10),
      crc: bytes.readUInt32LE(position + 16),
      packedBytes: bytes.readUInt32LE(position + 20),
      localOffset: bytes.readUInt32LE(position + 42),
    });
    position += 46 + nameLength + bytes.readUInt16LE(position + 30) + bytes.readUInt16LE(position + 32);
  }
  return entries;
}

/** The end record stands last, before a comment of unknown length. */
function findEnd(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - endLength - longestComment);
  for (let position = bytes.length - endLength; position >= first; position -= 1) {
    if (bytes.readUInt32LE(position) === endSignature) return position;
  }
  throw damaged('its end is missing');
}

function packedContent(bytes: Buffer, entry: Entry): Buffer {
  if ((entry.flags & 1) !== 0) throw new ParseFailure('encrypted', 'Read archive: a part is encrypted');
  const header = entry.localOffset;
  if (header + 30 > bytes.length || bytes.readUInt32LE(header) !== localSignature)
    throw damaged('a part has no header');
  const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
  if (start + entry.packedBytes > bytes.length) throw damaged('a part is cut off');
  return bytes.subarray(start, start + entry.packedBytes);
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
