import { describe, expect, it } from 'vitest';
import { makeZip } from '../fixtures/make-zip.ts';
import { openZip } from './zip-archive.ts';

const plenty = { unpackedBytes: 10_000_000 };
const code = (value: string) => expect.objectContaining({ code: value });
const failing = (act: () => unknown): Promise<unknown> =>
  Promise.try(act).then(
    () => undefined,
    (error: unknown) => error,
  );
/** What reading a part fails with. */
const failure = (zip: Buffer, name = 'a', budget = plenty) =>
  failing(async () => (await openZip(zip, budget)).read(name));

describe('an archive', () => {
  it('gives its parts', async () => {
    const archive = await openZip(
      makeZip([
        { name: 'a.xml', content: 'A' },
        { name: 'dir/я.xml', content: 'Б'.repeat(1000) },
      ]),
      plenty,
    );
    expect(archive.read('a.xml').toString()).toBe('A');
    expect(archive.read('dir/я.xml').toString()).toBe('Б'.repeat(1000));
    expect(archive.has('b.xml')).toBe(false);
    expect(await failing(() => archive.read('b.xml'))).toEqual(code('damaged'));
  });

  it('opens with a comment at its end', async () => {
    const zip = makeZip([{ name: 'a', content: 'A' }]);
    zip.writeUInt16LE(7, zip.length - 2);
    expect((await openZip(Buffer.concat([zip, Buffer.from('comment')]), plenty)).read('a').toString()).toBe('A');
  });

  it.each([1, 70, 65_535])('opens with %i bytes that something appended', async (count) => {
    const zip = Buffer.concat([makeZip([{ name: 'a', content: 'A' }]), Buffer.alloc(count, '\n')]);
    expect((await openZip(zip, plenty)).read('a').toString()).toBe('A');
  });

  it('opens with sizes and places written as large ones', async () => {
    expect((await openZip(largeZip('a', 'A'.repeat(500)), plenty)).read('a').toString()).toBe('A'.repeat(500));
  });

  it('has names that are only compared, whatever path they spell, and of several equal ones the last', async () => {
    const names = ['../../etc/passwd', '/etc/passwd', 'C:\\a', 'a\\b', 'a\0b', ''];
    const zip = makeZip([...names, 'twice', 'twice'].map((name, index) => ({ name, content: String(index) })));
    const archive = await openZip(zip, plenty);
    expect(names.map((name) => archive.read(name).toString())).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(archive.read('twice').toString()).toBe('7');
    expect(archive.has('etc/passwd')).toBe(false);
  });

  it('counts what its parts unpack to, together, not what headers say', async () => {
    const bomb = makeZip([
      { name: 'a', content: Buffer.alloc(600), claimedBytes: 1 },
      { name: 'b', content: Buffer.alloc(600), claimedBytes: 1 },
    ]);
    const archive = await openZip(bomb, { unpackedBytes: 1000 });
    expect(archive.read('a')).toHaveLength(600);
    expect(await failing(() => archive.read('b'))).toEqual(code('too-large'));
  });

  it('counts parts that overlap each time they are read', async () => {
    const zip = makeZip([
      { name: 'a', content: Buffer.alloc(600) },
      { name: 'b', content: Buffer.alloc(600) },
    ]);
    // The second one names the place of the first.
    zip.writeUInt32LE(0, zip.lastIndexOf('PK\u0001\u0002') + 42);
    const archive = await openZip(zip, { unpackedBytes: 1000 });
    expect(archive.read('a')).toHaveLength(600);
    expect(await failing(() => archive.read('b'))).toEqual(code('too-large'));
  });

  it('stops a part that unpacks to a thousand times its size within the budget', async () => {
    const bomb = makeZip([{ name: 'a', content: Buffer.alloc(50_000_000), claimedBytes: 10 }]);
    expect(await failure(bomb, 'a', { unpackedBytes: 1_000_000 })).toEqual(code('too-large'));
  });

  it.each([
    ['more than the file has', 0x00ff_ffff],
    ['less than it takes', 3],
  ])('is damaged when a part is said to be packed into %s', async (_, packedBytes) => {
    const zip = makeZip([{ name: 'a', content: 'some content that is packed' }]);
    zip.writeUInt32LE(packedBytes, zip.indexOf('PK\u0001\u0002') + 20);
    expect(await failure(zip)).toEqual(code('damaged'));
  });

  it('is damaged when it claims more parts than it has', async () => {
    const zip = makeZip([{ name: 'a', content: 'A' }]);
    zip.writeUInt16LE(2, zip.length - 12);
    expect(await failure(zip)).toEqual(code('damaged'));
  });

  it('is too large with more parts than archives have', async () => {
    expect(await failure(largeZip('a', 'A', 65_536))).toEqual(code('too-large'));
  });

  it('is encrypted when a part is, strongly or not', async () => {
    const zip = makeZip([{ name: 'a', content: 'A', encrypted: true }]);
    expect(await failure(zip)).toEqual(code('encrypted'));
    zip.writeUInt16LE(0x41, zip.indexOf('PK\u0001\u0002') + 8);
    expect(await failure(zip)).toEqual(code('encrypted'));
  });

  it('is damaged wherever it is cut', async () => {
    const zip = makeZip([{ name: 'a', content: 'A'.repeat(500) }]);
    for (let length = 0; length < zip.length; length += 1) {
      expect(await failure(zip.subarray(0, length))).toEqual(code('damaged'));
    }
  });

  it('never fails otherwise than by a named failure when a byte is changed', async () => {
    const zip = makeZip([{ name: 'a', content: 'some content that is packed' }]);
    for (let position = 0; position < zip.length; position += 1) {
      const changed = Buffer.from(zip);
      changed[position] = (changed[position] ?? 0) ^ 0xff;
      const error = await failure(changed);
      if (error !== undefined) expect(error).toHaveProperty('name', 'ParseFailure');
    }
  });
});

/** An archive of one part that says its sizes and places as those beyond 4 GB are said (ZIP64). */
function largeZip(name: string, content: string, count = 1): Buffer {
  const zip = makeZip([{ name, content }]);
  const directory = zip.indexOf('PK\u0001\u0002');
  const central = Buffer.from(zip.subarray(directory, directory + 46));
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  for (const [index, at] of [24, 20, 42].entries()) {
    extra.writeBigUInt64LE(BigInt(central.readUInt32LE(at)), 4 + 8 * index);
    central.writeUInt32LE(0xffff_ffff, at);
  }
  central.writeUInt16LE(extra.length, 30);
  const entry = Buffer.concat([central, Buffer.from(name), extra]);
  const record = Buffer.alloc(56);
  record.write('PK\u0006\u0006', 'latin1');
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(entry.length), 40);
  record.writeBigUInt64LE(BigInt(directory), 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\u0006\u0007', 'latin1');
  locator.writeBigUInt64LE(BigInt(directory + entry.length), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22, 0xff);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt32LE(0, 4);
  end.writeUInt16LE(0, 20);
  return Buffer.concat([zip.subarray(0, directory), entry, record, locator, end]);
}
