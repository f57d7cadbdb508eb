import { eq, or } from 'drizzle-orm';
import { apiKeys } from '../../db/schema/people/api-keys.ts';

/** Rows of a key: its own, and those of what it was called before it was rotated. */
export const keyAndEarlier = (id: string) => or(eq(apiKeys.id, id), eq(apiKeys.replacedBy, id));
