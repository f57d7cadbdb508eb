/** Bytes of a file, both ends included. */
export interface WantedRange {
  start: number;
  end: number;
}

/**
 * The part of a file that `Range` and `If-Range` ask for, by RFC 9110. Undefined for the whole file, which is also the answer to what
 * may be ignored: several ranges, another unit, a range of an earlier version.
 * @param etag of the file as it is now
 * @returns `outside` when no byte of the file is in the range
 */
export function wantedRange(
  headers: { range: string | undefined; ifRange: string | undefined },
  { size, etag }: { size: number; etag: string },
): WantedRange | 'outside' | undefined {
  const { range, ifRange } = headers;
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range?.trim() ?? '') ?? [];
  if ((first === '' && last === '') || (ifRange !== undefined && ifRange !== etag)) return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'outside' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= size) return 'outside';
  return { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}
