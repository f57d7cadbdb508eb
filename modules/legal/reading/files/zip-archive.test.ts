import { describe, expect, it } from 'vitest';
import { makeZip } from '../fixtures/make-zip.ts';
import { openZip } from './zip-archive.ts';

const plenty = { unpackedBytes: 10_000_000 };
const code = (value: string) => expect.objectContaining({ code: value });
const failing = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('an archive', () => {
  it('gives its parts', () => {
    const archive = openZip(
      makeZip([
        { name: 'a.xml', content: 'A' },
        { name: 'dir/я.xml', content: 'Б'.repeat(1000) },
      ]),
      plenty,
    );
    expect(archive.read('a.xml').toString()).toBe('A');
    expect(archive.read('dir/я.xml').toString()).toBe('Б'.repeat(1000));
    expect(archive.has('b.xml')).toBe(false);
    expect(failing(() => archive.read('b.xml'))).toEqual(code('damaged'));
  });

  it('opens with a comment at its end', () => {
    const zip = makeZip([{ name: 'a', content: 'A' }]);
    zip.writeUInt16LE(7, zip.length - 2);
    expect(
      openZip(Buffer.concat([zip, Buffer.from('comment')]), plenty)
        .read('a')
        .toString(),
    ).toBe('A');
  });

  it('counts what its parts unpack to, together, not what headers say', () => {
    const bomb = makeZip([
      { name: 'a', content: Buffer.alloc(600), claimedBytes: 1 },
      { name: 'b', content: Buffer.alloc(600), claimedBytes: 1 },
    ]);
    const archive = openZip(bomb, { unpackedBytes: 1000 });
    expect(archive.read('a')).toHaveLength(600);
    expect(failing(() => archive.read('b'))).toEqual(code('too-large'));
  });

  it('is encrypted when a part is', () => {
    expect(failing(() => openZip(makeZip([{ name: 'a', content: 'A', encrypted: true }]), plenty).read('a'))).toEqual(
      code('encrypted'),
    );
  });

  it('is damaged wherever it is cut', () => {
    const zip = makeZip([{ name: 'a', content: 'A'.repeat(500) }]);
    for (let length = 0; length < zip.length; length += 1) {
      expect(failing(() => openZip(zip.subarray(0, length), plenty).read('a'))).toEqual(code('damaged'));
    }
  });

  it('never fails otherwise than by a named failure when a byte is changed', () => {
    const zip = makeZip([{ name: 'a', content: 'some content that is packed' }]);
    for (let position = 0; position < zip.length; position += 1) {
      const changed = Buffer.from(zip);
      changed[position] = (changed[position] ?? 0) ^ 0xff;
      const error = failing(() => openZip(changed, plenty).read('a'));
      if (error !== undefined) expect(error).toHaveProperty('name', 'ParseFailure');
    }
  });
});
