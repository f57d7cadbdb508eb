/**
 * waiting → active → completed; active → retrying → active after an attempt that failed, active → dead after the last
 * one. An operator takes a dead job back to waiting, or discards it. What asked for a job may cancel it until it has ended.
 */
export const jobStates = ['waiting', 'active', 'retrying', 'completed', 'cancelled', 'dead'] as const;
export type JobState = (typeof jobStates)[number];
