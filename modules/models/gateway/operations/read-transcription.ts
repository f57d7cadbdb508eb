import { createHash } from 'node:crypto';
import { invalid } from '../../dialects/refuse.ts';
import { readForm } from '../../providers/read-form.ts';
import { readModel } from '../read-chat.ts';
import type { ReadOperation } from './contract.ts';

/** Of sound at 64 kbit a second, as speech is usually kept: of a file that is not compressed, too many seconds are held, never charged. */
const BYTES_A_SECOND = 8_000;
/** Of sound, and of what is said in it. */
const TOKENS_A_SECOND = { input: 10, output: 4 };

/** Reads a form with a recording. @throws Problem invalid-request naming the place */
export function readTranscription(body: Buffer, contentType: string): ReadOperation {
  const form = readForm(body, contentType);
  const files = form.parts.filter(({ name }) => name === 'file');
  if (files.length !== 1) throw invalid('body.file', 'must be one file');
  const stream = form.field('stream');
  if (stream !== undefined && stream !== 'true' && stream !== 'false')
    throw invalid('body.stream', 'must be true or false');
  const seconds = Math.ceil((files[0]?.content.length ?? 0) / BYTES_A_SECOND);
  return {
    ...{ operation: 'transcription', body, contentType, model: readModel({ model: form.field('model') }) },
    expected: { input: seconds * TOKENS_A_SECOND.input, output: seconds * TOKENS_A_SECOND.output, seconds },
    fingerprint: form.parts.map(({ name, content }) => `${name} ${createHash('sha256').update(content).digest('hex')}`),
  };
}
