import type { FileRow } from './list-files.ts';
import { publicId } from './public-id.ts';

const seconds = (time: Date) => Math.floor(time.getTime() / 1000);

/** A file as OpenAI's clients know it. */
export const showFile = ({ id, bytes, fileName, purpose, createdAt, expiresAt }: FileRow) => ({
  id: publicId('file-', id),
  object: 'file' as const,
  bytes,
  filename: fileName,
  purpose,
  status: 'processed' as const,
  created_at: seconds(createdAt),
  expires_at: seconds(expiresAt),
});
