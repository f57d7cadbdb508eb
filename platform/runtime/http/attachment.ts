/**
 * The `Content-Disposition` of a file that is saved under a name: the whole name by RFC 8187, and what is left of it in
 * ASCII for clients that do not read that. Neither `"` and `\\`, which clients unescape differently, nor `%`, which some
 * decode, stands in the second.
 */
export function attachment(fileName: string): string {
  const encoded = encodeURIComponent(fileName.toWellFormed()).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const plain = fileName
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^ -~]|["\\%]/gu, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
