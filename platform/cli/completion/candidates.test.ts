import { Argument, Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { candidates } from './candidates.ts';

const program = new Command('pandect');
program.command('deploy [names...]').option('--watch <seconds>').option('--no-wait');
program.command('rollback <name> [release]');
program.command('ps').addOption(new Option('--kind <kind>').choices(['function', 'worker']));
program.command('completion').addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']));
program.command('complete', { hidden: true }).argument('[words...]');
program.command('drop [ids...]', { hidden: true }).option('--queue <queue>');
program.command('queue').command('pause <queue>');

describe('completion', () => {
  it('offers the commands that help shows', () => {
    expect(candidates(program, ['']).words).toEqual(['deploy', 'rollback', 'ps', 'completion', 'queue', 'help']);
  });

  it('offers the options of a command, and of a subcommand', () => {
    expect(candidates(program, ['deploy', 'ask', '--w']).words).toEqual(['--watch', '--no-wait', '--help']);
    expect(candidates(program, ['queue', 'pause', '-']).words).toEqual(['--help']);
  });

  it.each([
    [['deploy', ''], 'units'],
    [['deploy', 'ask', 'auth', ''], 'units'],
    [['deploy', '--watch', '5', '--no-wait', 'a'], 'units'],
    [['rollback', ''], 'units'],
    [['rollback', 'ask', ''], { releasesOf: 'ask' }],
    [['queue', 'pause', ''], 'queues'],
    [['drop', '--queue', ''], 'queues'],
  ])('looks up what stands at the end of %j', (words, lookUp) => {
    expect(candidates(program, words)).toEqual({ words: [], lookUp });
  });

  it.each([
    [['rollback', 'ask', '1a2b', ''], []],
    [['deploy', '--watch', ''], []],
    [
      ['ps', '--kind', ''],
      ['function', 'worker'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [
      ['queue', ''],
      ['pause', 'help'],
    ],
    [['nothing', 'at', 'all', '-'], ['--help']],
  ])('knows what can follow %j', (words, expected) => {
    expect(candidates(program, words)).toEqual({ words: expected });
  });
});
