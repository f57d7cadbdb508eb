import type { Composition, RestoredData, Verdict } from '../../kernel/composition.ts';

/** What modules set right, by name. Failures are told as well: the restore is good without it, and it can be done again. */
export async function runAfterRestore(
  steps: Composition['afterRestore'],
  restored: RestoredData,
): Promise<Record<string, Verdict>> {
  const verdicts: Record<string, Verdict> = {};
  for (const [name, step] of Object.entries(steps)) {
    verdicts[name] = await step(restored).catch((error: Error) => ({
      state: 'fail' as const,
      detail: error.message,
      hint: 'pandect reconcile tries it again',
    }));
  }
  return verdicts;
}
