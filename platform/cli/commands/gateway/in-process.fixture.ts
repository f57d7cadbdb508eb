import { Readable } from 'node:stream';
import { Command } from 'commander';
import { vi } from 'vitest';
import { explain } from '../../output.ts';
import { gateway } from './gateway.ts';

export interface CommandResult {
  code: number;
  output: string;
}

/**
 * `pandect gateway` against the platform of a home, without a process for each command: to start one takes longer than the command.
 * @param by the operator's login name
 */
export function gatewayCommands(home: string, by: string) {
  const run = async (args: readonly string[], input = ''): Promise<CommandResult> => {
    const lines: string[] = [];
    const write = (line: unknown) => void lines.push(`${line}\n`);
    for (const [name, value] of Object.entries({ PANDECT_HOME: home, SUDO_USER: by, NO_COLOR: '1' }))
      vi.stubEnv(name, value);
    vi.stubEnv('FORCE_COLOR', undefined);
    const spies = [
      vi.spyOn(console, 'log').mockImplementation(write),
      vi.spyOn(console, 'error').mockImplementation(write),
      vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from(input === '' ? [] : [input]) as never),
    ];
    const program = new Command('pandect').exitOverride();
    gateway(program);
    try {
      await program.parseAsync(['gateway', ...args], { from: 'user' });
      return { code: Number(process.exitCode ?? 0), output: lines.join('') };
    } catch (error) {
      return { code: 1, output: `${explain(error)}\n` };
    } finally {
      for (const spy of spies) spy.mockRestore();
      vi.unstubAllEnvs();
      process.exitCode = undefined;
    }
  };
  return {
    pandect: (...args: string[]) => run(args),
    /** With something on its standard input. */
    pandectReading: (input: string, ...args: string[]) => run(args, input),
  };
}
