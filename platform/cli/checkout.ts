import { resolve } from 'node:path';

/** The checkout this command belongs to. */
export const checkout = resolve(import.meta.dirname, '../..');
