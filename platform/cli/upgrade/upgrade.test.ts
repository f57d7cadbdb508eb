import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChangeEvent, ProcessRow } from '../../supervisor/control/contract.ts';
import { compareVersions, type Jump, judgeJump } from './judge-jump.ts';
import { servingReleases } from './read-jump.ts';
import { readRecord, type UpgradeRecord, withUpgradeLock, writeRecord } from './record.ts';
import { runUpgrade, type UpgradeSteps } from './run-upgrade.ts';
import { onceFree } from './take-steps.ts';
import { leftByUndo, undoUpgrade } from './undo-upgrade.ts';
import { recordOf, wayBack } from './upgrade.ts';

const GIB = 1024 ** 3;
const jump: Jump = {
  from: { version: '1.2.0', revision: 'aaaa' },
  to: { version: '1.3.0', revision: 'bbbb' },
  ...{ pending: ['0040_more'], isAhead: false, databaseBytes: 2 * GIB, freeBytes: 10 * GIB },
  ...{ postgres: { data: 17, program: 17 }, canaries: [], gone: [] },
  ...{ hasTarget: true, wantsBackup: true, isManaged: true, isRoot: true },
};
const problems = (change: Partial<Jump>) => judgeJump({ ...jump, ...change }).problems;

describe('the jump', () => {
  it('has no problem where nothing is wrong', () => {
    expect(judgeJump(jump)).toEqual({ problems: [], warnings: [] });
    expect(problems({ from: undefined, postgres: undefined })).toEqual([]);
  });

  it.each([
    [{ to: { version: '1.1.9', revision: null } }, 'the checkout is version 1.1.9, and 1.2.0 runs: to go back'],
    [{ isAhead: true }, 'migrated by a newer version than the checkout'],
    [{ postgres: { data: 17, program: 18 } }, 'the database files are of PostgreSQL 17, and 18 is installed'],
    [{ canaries: ['ask'] }, 'ask has a canary: promote or abort first'],
    [{ hasTarget: false }, 'BACKUP_TO is not set'],
    [{ freeBytes: 2.9 * GIB }, '2.9 GiB are free, and 3.0 GiB are needed'],
    [{ isRoot: false }, 'run it as root'],
  ])('%j is refused', (change, words) => {
    expect(problems(change)).toEqual([expect.stringContaining(words)]);
  });

  it('without a backup needs neither a target nor its space, and is warned of', () => {
    const without = { wantsBackup: false, hasTarget: false, freeBytes: 1.1 * GIB };
    expect(judgeJump({ ...jump, ...without })).toEqual({
      problems: [],
      warnings: [expect.stringContaining('without a backup')],
    });
    expect(judgeJump({ ...jump, gone: ['old'] }).warnings).toEqual([
      expect.stringContaining('old: not in the checkout'),
    ]);
  });

  it('compares versions by their numbers', () => {
    expect(compareVersions('0.10.0', '0.9.1')).toBeGreaterThan(0);
    expect(compareVersions('1.0.0', '1.0.0')).toBe(0);
    expect(compareVersions('1.9.9', '2.0.0')).toBeLessThan(0);
  });

  it('knows what serves', () => {
    const row = (name: string, state: string, release: string) => ({ name, state, release, kind: 'function' });
    const rows = [
      ...[row('ask', 'draining', 'old'), row('ask', 'ready', 'new'), row('ask', 'canary', 'newer')],
      ...[row('web', 'serving', 'w'), row('idle', 'asleep', 'i'), row('dead', 'backing off', '')],
      { ...row('postgres', 'ready', ''), kind: 'service' },
    ] as ProcessRow[];
    expect(servingReleases(rows)).toEqual({ ask: 'new', web: 'w', idle: 'i' });
  });
});

const record: UpgradeRecord = recordOf(jump, { ask: 'a1', web: 'w1' }, undefined);

/** Steps that only say what they do; `fails` names the first that does not work, and is then cleared. */
function fakeSteps() {
  const done: string[] = [];
  let saved: UpgradeRecord | undefined;
  const faults = new Set<string>();
  const act = (name: string) => {
    if (faults.delete(name)) throw new Error(name);
    done.push(name);
  };
  const steps: UpgradeSteps = {
    async save(now) {
      saved = now;
    },
    async backUp() {
      act('backup');
      return 'b1';
    },
    verify: async (id) => act(`verify ${id}`),
    async *migrate() {
      yield 'waits for a lock';
      act('migrate');
    },
    async renewSupervisor() {
      act('supervisor');
      return 'The supervisor runs the new version';
    },
    async *deploy(unit) {
      yield { unit, step: 'build' };
      if (faults.delete(unit)) return false;
      act(unit);
      return true;
    },
  };
  return { steps, done, faults, saved: () => saved as UpgradeRecord };
}
const run = (steps: UpgradeSteps, from = record) =>
  Array.fromAsync(runUpgrade({ record: from, units: ['ask', 'web'], isRunning: true }, steps));

describe('an upgrade', () => {
  it('backs up, reads the backup back, migrates, and deploys unit by unit', async () => {
    const { steps, done, saved } = fakeSteps();
    const events = await run(steps);
    expect(done).toEqual(['backup', 'verify b1', 'migrate', 'supervisor', 'ask', 'web']);
    expect(events).toContainEqual({ step: 'migrate', message: 'waits for a lock' });
    expect(saved()).toMatchObject({ state: 'done', backup: 'b1', isBackedUp: true, isMigrated: true });
    expect(wayBack(saved())).toBe('pandect upgrade --undo');
  });

  it.each(['backup', 'verify b1', 'migrate', 'supervisor', 'ask', 'web'])(
    'that stops at "%s" continues there, and repeats no backup',
    async (fault) => {
      const { steps, done, faults, saved } = fakeSteps();
      faults.add(fault);
      await expect(run(steps)).rejects.toThrow();
      const isMigrated = ['supervisor', 'ask', 'web'].includes(fault);
      expect(wayBack(saved())).toMatch(isMigrated ? /^pandect upgrade --undo$/ : /^git -C .* checkout aaaa$/);
      const next = recordOf(jump, { ask: 'a2', web: 'w1' }, saved());
      expect(next.before, 'what served before the first').toEqual({ ask: 'a1', web: 'w1' });
      await run(steps, next);
      expect(done.filter((step) => step === 'backup')).toHaveLength(1);
      expect(done.slice(-3)).toEqual(['supervisor', 'ask', 'web']);
      expect(saved().state).toBe('done');
    },
  );

  it('of a platform that does not run ends with the migrations', async () => {
    const { steps, done } = fakeSteps();
    await Array.fromAsync(runUpgrade({ record, units: ['ask'], isRunning: false }, steps));
    expect(done).toEqual(['backup', 'verify b1', 'migrate']);
  });

  it('of another version, or of the day before, begins with a backup again', () => {
    const cutOff = { ...record, backup: 'b1', isBackedUp: true, isMigrated: true };
    const other = recordOf({ ...jump, to: { version: '1.3.1', revision: 'cccc' } }, { ask: 'a2' }, cutOff);
    expect(other).toMatchObject({ backup: null, isBackedUp: false, isMigrated: true, from: jump.from });
    expect(other.before).toEqual({ ask: 'a1', web: 'w1' });
    const later = new Date(Date.parse(cutOff.startedAt) + 90_000_000);
    expect(recordOf(jump, {}, cutOff, later).isBackedUp).toBe(false);
    expect(recordOf(jump, { ask: 'a3' }, { ...cutOff, state: 'done' }).before).toEqual({ ask: 'a3' });
  });

  it('that is continued makes a backup as the command now says', () => {
    const failed = { ...record, isBackedUp: false };
    expect(recordOf({ ...jump, wantsBackup: false }, {}, failed).isBackedUp, 'its target is full').toBe(true);
    const without = { ...record, isBackedUp: true };
    expect(recordOf(jump, {}, without).isBackedUp).toBe(false);
    expect(recordOf(jump, {}, { ...without, backup: 'b1' })).toEqual({ ...without, backup: 'b1' });
  });

  it('waits for a change that continues', async () => {
    let asked = 0;
    const begin = async function* (): AsyncGenerator<ChangeEvent, boolean> {
      asked++;
      if (asked < 3) yield { unit: 'ask', step: 'failed', isBusy: true };
      else yield { unit: 'ask', step: 'done' };
      return asked >= 3;
    };
    expect(await Array.fromAsync(onceFree(begin, { pauseMs: 1 }))).toEqual([{ unit: 'ask', step: 'done' }]);
    asked = 0;
    expect(await Array.fromAsync(onceFree(begin, { pauseMs: 1, attempts: 2 }))).toMatchObject([{ step: 'failed' }]);
  });
});

describe('an undone upgrade', () => {
  it('switches back what has changed, the last first, and says what it leaves', async () => {
    const asked: string[] = [];
    const rollback = async function* (unit: string, release: string): AsyncGenerator<ChangeEvent, boolean> {
      asked.push(`${unit} ${release}`);
      yield { unit, step: 'done' };
      return true;
    };
    const before = { ask: 'a1', auth: 'u1', web: 'w1', gone: 'g1' };
    const serving = { ask: 'a2', auth: 'u1', web: 'w2', added: 'n1' };
    await Array.fromAsync(undoUpgrade({ record: { ...record, before }, serving, rollback }));
    expect(asked).toEqual(['web w1', 'ask a1']);
    const left = leftByUndo({ ...record, backup: 'b1', isMigrated: true }, '/opt/pandect').join('\n');
    expect(left).toContain('git -C /opt/pandect checkout aaaa');
    expect(left).toContain('pandect restore --backup b1');
    expect(wayBack({ ...record, state: 'undone' })).toBeUndefined();
  });
});

describe('the record', () => {
  it('survives, and is refused when it is damaged; one upgrade works at a time', async () => {
    const root = await mkdtemp(join(tmpdir(), 'pandect-test-'));
    try {
      expect(await readRecord({ root })).toBeUndefined();
      await writeRecord({ root }, record);
      expect(await readRecord({ root })).toEqual(record);
      await withUpgradeLock({ root }, async () => {
        await expect(withUpgradeLock({ root }, async () => {})).rejects.toThrow('another upgrade is running');
      });
      await writeFile(join(root, 'upgrade.json'), '{"state":"new"}');
      await expect(readRecord({ root })).rejects.toThrow('not readable; move it away');
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
