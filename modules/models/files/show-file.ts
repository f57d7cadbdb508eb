import type { FileRow } from './list-files.ts';
import { publicId } from './public-id.ts';
import { unixSeconds } from './unix-seconds.ts';

/** A file as OpenAI's clients know it. */
export const showFile = ({ id, bytes, fileName, purpose, createdAt, expiresAt }: FileRow) => ({
  id: publicId('file-', id),
  object: 'file' as const,
  bytes,
  filename: fileName,
  purpose,
  status: 'processed' as const,
  created_at: unixSeconds(createdAt),
  expires_at: unixSeconds(expiresAt),
});
