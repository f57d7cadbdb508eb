import type { ProblemDefinition } from '../problem.ts';

/**
 * Types of problems that tell of a limit of an organization, as a regular expression of the syntax that JavaScript and RE2 share; not of the
 * speed of clients.
 */
export const LIMIT_REASONS = '.*-(used|reached|exceeded|empty)|no-[a-z]+';

/** The line of a log that names who reached a limit. */
export const LIMIT_REACHED = 'Limit reached';

export type Refusal = Pick<ProblemDefinition, 'type' | 'status'>;

/** Counts what the work of an organization was refused for. */
export type Refused = (refusal: Refusal, organizationId: string) => void;
