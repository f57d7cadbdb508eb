/** The body of an answer. @throws RangeError beyond `maxBytes`, after which nothing more is read */
export async function readBytes(response: Response, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => new RangeError(`Read an answer: more than ${maxBytes} bytes`);
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    // Leaving the loop cancels the body.
    if (bytes > maxBytes) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
