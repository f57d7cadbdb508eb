const mark = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);
const encryptedStream = Buffer.from('EncryptedPackage', 'utf16le');

/** An OLE compound file: Word 97 to 2003, and what newer Office programs put an encrypted file into. */
export const isOle = (bytes: Uint8Array): boolean => mark.equals(bytes.subarray(0, 4));

export const isEncryptedOffice = (bytes: Buffer): boolean => bytes.includes(encryptedStream);
