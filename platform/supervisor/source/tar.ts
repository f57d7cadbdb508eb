/** Files of the POSIX format `ustar`, as far as a push needs it: regular files alone, each held as a whole. */

const BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;

export interface TarFile {
  /** Relative, with `/`. */
  path: string;
  contents: Buffer;
}

export interface TarLimits {
  fileBytes: number;
  unpackedBytes: number;
  files: number;
}

/** The bytes of an archive. @throws when a path is longer than the format can hold */
export async function* writeTar(files: AsyncIterable<TarFile> | Iterable<TarFile>): AsyncGenerator<Buffer> {
  for await (const { path, contents } of files) {
    yield header(path, contents.length);
    yield contents;
    yield Buffer.alloc(-contents.length & (BLOCK - 1));
  }
  yield Buffer.alloc(2 * BLOCK);
}

/**
 * Reads an archive file by file; what is not a regular file is refused, as links are.
 * @throws when it is damaged, ends early, or exceeds a limit
 */
export async function* readTar(chunks: AsyncIterable<Buffer>, limits: TarLimits): AsyncGenerator<TarFile> {
  const take = createReader(chunks);
  let [bytes, files] = [0, 0];
  for (;;) {
    const block = await take(BLOCK);
    if (block.every((byte) => byte === 0)) return;
    const { path, size } = readHeader(block);
    if (size > limits.fileBytes) throw new Error(`"${path}": ${size} bytes, at most ${limits.fileBytes} are allowed`);
    bytes += size;
    if (bytes > limits.unpackedBytes) throw new Error(`more than ${limits.unpackedBytes} bytes when unpacked`);
    if (++files > limits.files) throw new Error(`more than ${limits.files} files`);
    const contents = Buffer.from(await take(size));
    await take(-size & (BLOCK - 1));
    yield { path, contents };
  }
}

/** Gives so many bytes of a stream at a time. */
function createReader(chunks: AsyncIterable<Buffer>): (bytes: number) => Promise<Buffer> {
  const source = chunks[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return async (bytes) => {
    const parts = [rest];
    let length = rest.length;
    while (length < bytes) {
      const { value, done } = await source.next();
      if (done) throw new Error('it ends before it is complete');
      parts.push(value);
      length += value.length;
    }
    const all = parts.length === 1 ? rest : Buffer.concat(parts);
    rest = all.subarray(bytes);
    return all.subarray(0, bytes);
  };
}

function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const [prefix, name] = splitPath(path);
  block.write(name, 0);
  const octal = (value: number, at: number, width: number) =>
    block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at);
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  block.write(prefix, 345);
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function splitPath(path: string): [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= NAME_BYTES) return ['', path];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(name) <= NAME_BYTES && Buffer.byteLength(prefix) <= PREFIX_BYTES) return [prefix, name];
  }
  throw new Error(`Pack "${path}": its path is too long`);
}

function readHeader(block: Buffer): { path: string; size: number } {
  const text = (from: number, to: number) => block.toString('utf8', from, to).replace(/\0.*$/s, '');
  const octal = (from: number, to: number) => Number.parseInt(text(from, to).trim() || '0', 8);
  if (octal(148, 156) !== checksum(block)) throw new Error('it is damaged or no tar archive');
  const [name, prefix] = [text(0, 100), text(257, 262) === 'ustar' ? text(345, 500) : ''];
  const path = prefix === '' ? name : `${prefix}/${name}`;
  if (!['0', '\0'].includes(block.toString('latin1', 156, 157))) {
    throw new Error(`"${path}": it is no regular file; links, folders and devices are not allowed`);
  }
  const size = octal(124, 136);
  if (!Number.isSafeInteger(size) || size < 0) throw new Error(`"${path}": its size is not readable`);
  return { path, size };
}

/** Of a header, with the field of the checksum itself taken as blanks. */
const checksum = (block: Buffer): number =>
  block.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
