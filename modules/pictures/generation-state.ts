import type { Generation, GenerationState } from './contract.ts';

/** How a generation ends, unless its pictures come late. */
export const ends: ReadonlySet<GenerationState> = new Set(['done', 'failed', 'refused', 'cancelled', 'expired']);
const final: ReadonlySet<string> = new Set(['done', 'refused', 'cancelled']);

/** Whether a generation is over, unless its pictures come late. */
export const isOver = ({ status }: Pick<Generation, 'status'>): boolean => ends.has(status);

/** Whether nothing about it can change any more. */
export const isFinal = ({ status }: Pick<Generation, 'status'>): boolean => final.has(status);
