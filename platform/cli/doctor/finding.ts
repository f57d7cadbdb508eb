import type { Verdict } from '../../kernel/composition.ts';

export type { Verdict };

/** What a check of that name found. */
export interface Finding extends Verdict {
  name: string;
}

export const ok = (detail: string): Verdict => ({ state: 'ok', detail });
export const warn = (detail: string, hint: string): Verdict => ({ state: 'warn', detail, hint });
export const fail = (detail: string, hint: string): Verdict => ({ state: 'fail', detail, hint });

/** The worse, the lower what there is: below `failBelow`, below `warnBelow`, or enough. */
export function atLeast(
  amount: number,
  { warnBelow, failBelow }: { warnBelow: number; failBelow: number },
  detail: string,
  hint: string,
): Verdict {
  if (amount < failBelow) return fail(detail, hint);
  return amount < warnBelow ? warn(detail, hint) : ok(detail);
}
