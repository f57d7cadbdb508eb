import { expect, it } from 'vitest';
import type { InstanceReport } from '../../kernel/instance-report.ts';
import { withSilent } from './scaled.ts';

const report = (inFlight: number) => ({ inFlight }) as InstanceReport;

it('takes a process that does not answer for as busy as it was', () => {
  const before = new Map([
    ['one', report(90)],
    ['two', report(80)],
    ['gone', report(70)],
  ]);
  const now = withSilent(new Map([['one', report(10)]]), before, [{ id: 'one' }, { id: 'two' }, { id: 'new' }]);
  expect([...now]).toEqual([
    ['one', report(10)],
    ['two', report(80)],
  ]);
});
