import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

export interface Summary {
  passed: number;
  failed: number;
  skipped: number;
}

/** Counts tests. A file or group that could not be loaded, and an error outside of every test, count as one failed test each. */
export function summarize(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): Summary {
  const summary = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const module of modules) {
    summary.failed += module.errors().length > 0 ? 1 : 0;
    for (const suite of module.children.allSuites()) summary.failed += suite.errors().length > 0 ? 1 : 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // A test that never finished did not pass.
      summary[state === 'pending' ? 'failed' : state]++;
    }
  }
  return summary;
}

/** Tests that passed only when they were repeated (`--retry`), each with what went wrong at first. */
function flakyTests(modules: readonly TestModule[]): string[] {
  return modules.flatMap((module) =>
    [...module.children.allTests('passed')]
      .filter((test) => test.diagnostic()?.flaky)
      .map((test) => `${module.relativeModuleId} > ${test.fullName}: ${describe(test.result().errors?.[0])}`),
  );
}

/** With the causes, since "fetch failed" alone says nothing. */
function describe(error: { message: string; cause?: unknown } | undefined): string {
  const cause = error?.cause as { message: string } | undefined;
  return cause?.message === undefined ? `${error?.message}` : `${error?.message}: ${describe(cause)}`;
}

/** Leaves the counts in the file PANDECT_SUMMARY for `scripts/test`, which prints them last, and names what was repeated. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const path = process.env.PANDECT_SUMMARY;
    if (!path) throw new Error('Write summary of tests: PANDECT_SUMMARY is missing');
    const { passed, failed, skipped } = summarize(modules, unhandledErrors);
    writeFileSync(path, `${passed} ${failed} ${skipped}\n`);
    for (const test of flakyTests(modules)) process.stdout.write(`Passed only when repeated: ${test}\n`);
  }
}
