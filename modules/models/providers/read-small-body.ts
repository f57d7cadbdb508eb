import type { Readable } from 'node:stream';

const MOST_BYTES = 65_536;

/** The text of a short answer, or its first 64 KiB; the rest is not waited for. @throws what breaks the body off */
export async function readSmallBody(body: Readable): Promise<string> {
  const { text, error } = await readBeginning(body);
  if (error !== undefined) throw error;
  return text;
}

/** The same of a failed answer, as far as it comes: its status says enough. */
export const readErrorText = async (body: Readable): Promise<string> => (await readBeginning(body)).text;

async function readBeginning(body: Readable): Promise<{ text: string; error?: unknown }> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  let error: unknown;
  try {
    for await (const piece of body) {
      pieces.push(piece as Buffer);
      bytes += (piece as Buffer).length;
      if (bytes >= MOST_BYTES) break;
    }
  } catch (thrown) {
    error = thrown;
  }
  return { text: Buffer.concat(pieces).toString('utf8', 0, Math.min(bytes, MOST_BYTES)), error };
}
