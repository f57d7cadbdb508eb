import type { Command } from 'commander';
import type { LoadComposition } from '../../../kernel/composition.ts';
import type { ChangeEvent } from '../../../supervisor/control/contract.ts';
import { type ChangeFlags, changeOptions, withChangeOptions } from '../../change-options.ts';
import { createLiveLine } from '../../live-line.ts';
import { complain, examples, explain } from '../../output.ts';
import { describe, inSources, isStep } from '../../show-change.ts';
import type { Plan } from '../../upgrade/upgrade.ts';

interface Flags extends ChangeFlags {
  backup: boolean;
  dryRun?: boolean;
  undo?: boolean;
}

export const upgrade = (program: Command, loadComposition: LoadComposition) =>
  withChangeOptions(
    program
      .command('upgrade')
      .description(
        'Bring the platform to the version of the checkout while it serves: backup, migrations, then unit by unit',
      )
      .option('--dry-run', 'only say what would happen')
      .option('--no-backup', 'without a backup; what the new version spoils then stays so')
      .option('--undo', 'switch back to the releases that served before the last upgrade'),
  )
    .addHelpText(
      'after',
      examples('git pull && pandect upgrade', 'pandect upgrade --dry-run', 'pandect upgrade --undo'),
    )
    .action(async (flags: Flags) => {
      if (flags.undo) await undo(flags);
      else await bring(flags, loadComposition);
    });

async function bring(flags: Flags, loadComposition: LoadComposition): Promise<void> {
  const { planUpgrade } = await import('../../upgrade/upgrade.ts');
  const { json, dryRun } = flags;
  const request = { loadComposition, wantsBackup: flags.backup, options: changeOptions(flags) };
  const { plan, run, back, locked } = await planUpgrade(request);
  const shown = createShown(json);
  if (!json) for (const line of describePlan(plan)) shown.print(line);
  const { problems } = plan;
  if (dryRun || problems.length > 0) {
    if (json) console.log(JSON.stringify({ ok: problems.length === 0, dryRun: dryRun === true, ...plan }, null, 2));
    shown.end();
    if (problems.length === 0) return;
    process.exitCode = 1;
    if (!json) for (const problem of problems) complain(`Upgrade: ${problem}`);
    return;
  }
  let failure: unknown;
  try {
    await locked(async () => {
      for await (const event of run()) {
        if (event.step === 'deploy') await shown.change(event.change);
        else shown.step(event.message);
      }
    });
  } catch (error) {
    failure = error;
    process.exitCode = 1;
  } finally {
    shown.end();
  }
  const way = await back();
  const outcome = failure === undefined ? 'Upgraded' : explain(failure);
  if (json) {
    console.log(
      JSON.stringify({ ok: failure === undefined, outcome, back: way, ...plan, events: shown.events }, null, 2),
    );
    return;
  }
  if (failure === undefined) console.log(outcome);
  else complain(outcome);
  console.log(way === undefined ? 'Nothing was changed; pandect upgrade tries again' : `The way back: ${way}`);
}

async function undo(flags: Flags): Promise<void> {
  const { planUndo } = await import('../../upgrade/upgrade.ts');
  const { run, left, locked } = await planUndo(changeOptions(flags));
  const shown = createShown(flags.json);
  const ok = await locked(async () => {
    const changes = run();
    for (;;) {
      const next = await changes.next();
      if (next.done) return next.value;
      await shown.change(next.value);
    }
  }).finally(() => shown.end());
  if (flags.json) console.log(JSON.stringify({ ok, left, events: shown.events }, null, 2));
  else for (const line of left) console.log(line);
  if (!ok) process.exitCode = 1;
}

/** Steps pass in one line on a terminal, results stay; with JSON nothing is shown until the end. */
function createShown(json: boolean | undefined) {
  const line = json ? undefined : createLiveLine(process.stdout);
  const events: ({ message: string } | ChangeEvent)[] = [];
  return {
    events,
    print: (text: string) => line?.print(text),
    step(message: string) {
      events.push({ message });
      line?.print(message);
    },
    async change(told: ChangeEvent) {
      const event = told.log === undefined ? told : { ...told, log: await inSources(told.log) };
      events.push(event);
      if (isStep(event)) line?.show(`${event.unit.padEnd(14)} ${event.step}`);
      else line?.print(event.unit === '' ? (event.message ?? '') : describe(event));
    },
    end: () => line?.end(),
  };
}

function describePlan({ jump, warnings, units, continues, target }: Plan): string[] {
  const name = ({ version, revision }: { version: string; revision: string | null }) =>
    revision === null ? version : `${version} (${revision})`;
  const { from, to, pending, wantsBackup, isManaged } = jump;
  return [
    `From         ${from ? name(from) : 'a platform that does not run'}`,
    `To           ${name(to)}${continues ? ', continued' : ''}`,
    `Backup       ${wantsBackup ? `to ${target ?? '?'}, and read back` : 'none'}`,
    `Migrations   ${pending.length === 0 ? 'none' : pending.join(', ')}`,
    `Supervisor   ${isManaged ? 'restarted by systemd; what serves stays' : 'stays until the platform is started again'}`,
    `Deploys      ${units.join(', ')}`,
    ...warnings.map((warning) => `Warning      ${warning}`),
  ];
}
