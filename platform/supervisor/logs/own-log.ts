import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { pino } from 'pino';
import { createLog, type Log, type LogOptions, standardOutput } from '../../kernel/log.ts';
import { readableLine } from '../../kernel/telemetry/log-line.ts';

/** What the supervisor writes for people and programs. */
export interface OwnLog {
  log: Log;
  /** Writes into the file alone what people are told in another way. */
  note(line: string): void;
}

/** Lines that wait for the home to be made, in characters. */
const WAITING = 1024 ** 2;

/**
 * The supervisor's log goes to the standard output, where a service manager takes it, and always as JSON into a file of the home, where
 * `pandect logs supervisor` finds it. The file is opened once its folder is there.
 */
export function createOwnLog(path: string, { level, isReadable, fields = {} }: LogOptions): OwnLog {
  const output = standardOutput();
  const file = lateFile(path);
  const log = createLog({
    ...{ level, fields },
    output: {
      write(line) {
        output.write(isReadable ? `${readableLine(line.trimEnd())}\n` : line);
        file.write(line);
      },
    },
  });
  const inFile = createLog({ level: 'info', fields, output: file });
  // What ends the process is printed by Node itself.
  process.on('uncaughtExceptionMonitor', (error) => inFile.fatal({ error }, 'Supervisor ended'));
  return {
    log,
    note: (line) => inFile.info(line),
  };
}

function lateFile(path: string): { write(lines: string): void } {
  let file: ReturnType<typeof pino.destination> | undefined;
  let waiting = '';
  return {
    write(lines) {
      waiting = (waiting + lines).slice(-WAITING);
      if (!file && existsSync(dirname(path))) {
        file = pino.destination({ dest: path, sync: true, append: true, mode: 0o600 });
        file.on('error', () => {}); // a full disk
      }
      if (!file) return;
      file.write(waiting);
      waiting = '';
    },
  };
}
