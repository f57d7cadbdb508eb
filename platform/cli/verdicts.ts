import type { Verdict } from '../kernel/composition.ts';

/** A line for each, with what to do about it. */
export const describeVerdicts = (verdicts: Readonly<Record<string, Verdict>>): string[] =>
  Object.entries(verdicts).map(([name, { state, detail, hint }]) => {
    const mark = state === 'ok' ? '' : ` (${state})`;
    return `${name.charAt(0).toUpperCase()}${name.slice(1)}${mark}: ${detail}${hint === undefined ? '' : `; ${hint}`}`;
  });
