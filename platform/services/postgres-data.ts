import { execFile } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { replaceFile } from '../kernel/replace-file.ts';
import { readIfExists } from './processes.ts';
import type { ServiceUser } from './service-user.ts';

interface Initialization {
  data: string;
  password: string;
  superuser: string;
  /** Where `initdb` is. */
  folder: string;
  user: ServiceUser | undefined;
}

/** Makes the data folder; one that was interrupted is made again, as the folder gets its name last. */
export async function initializeData({ data, password, superuser, folder, user }: Initialization): Promise<void> {
  const fresh = `${data}.new`;
  await rm(fresh, { recursive: true, force: true });
  // Other systems than Linux lack C.UTF-8.
  const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C';
  // The user who makes the files has to read it; afterwards only the supervisor knows it.
  const passwordFile = `${data}.password`;
  await replaceFile(passwordFile, password, { owner: user });
  // With checksums a page that the disk has damaged is an error, and not a wrong answer.
  const safe = ['--auth=scram-sha-256', '--data-checksums'];
  const args = ['-D', fresh, '-U', superuser, `--pwfile=${passwordFile}`, ...safe, '--encoding=UTF8'];
  try {
    await promisify(execFile)(join(folder, 'initdb'), [...args, `--locale=${locale}`], {
      cwd: dirname(data),
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      timeout: 120_000,
      ...(user && { uid: user.uid, gid: user.gid }),
    });
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`Create database files "${data}": ${stderr?.trim() || message}`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(fresh, data);
}

/**
 * The whole postgresql.conf: a small server that shares its machine. Written at each start, so that it follows the
 * version of the platform and the place of the home.
 */
export function postgresSettings(socketFolder: string, extra: Record<string, string> = {}): string {
  const settings: Record<string, string> = {
    listen_addresses: '',
    // The outer quotes are the file's, the inner ones keep a comma in the path from starting a second folder.
    unix_socket_directories: `"${socketFolder}"`,
    unix_socket_permissions: '0700',
    password_encryption: 'scram-sha-256',
    max_connections: '100',
    shared_buffers: '64MB',
    // Minimal systems and containers have no /dev/shm, or a tiny one; parallel queries are rare here.
    dynamic_shared_memory_type: 'mmap',
    effective_cache_size: '512MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    jit: 'off',
    max_worker_processes: '4',
    max_parallel_workers_per_gather: '1',
    random_page_cost: '1.1',
    min_wal_size: '80MB',
    max_wal_size: '512MB',
    wal_compression: 'on',
    checkpoint_completion_target: '0.9',
    // Queues and counters rewrite the same rows all the time.
    autovacuum_naptime: '15s',
    autovacuum_vacuum_scale_factor: '0.05',
    idle_in_transaction_session_timeout: '5min',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] %q%u@%d ',
    log_checkpoints: 'off',
    log_min_duration_statement: '2s',
    // Values and the details of errors are users' words.
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_error_verbosity: 'terse',
    ...extra,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  return `${['# Written at each start; changes are lost', ...lines].join('\n')}\n`;
}

export interface PidFile {
  pid: number;
  socketFolder: string;
  status: string;
}

/** PostgreSQL's `postmaster.pid`: process id, data folder, start time, port, socket folder, address, memory, status. */
export async function readPidFile(data: string): Promise<PidFile | undefined> {
  const lines = (await readIfExists(join(data, 'postmaster.pid')))?.split('\n');
  const pid = Number(lines?.[0]);
  if (!lines || !Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, socketFolder: lines[4] ?? '', status: (lines[7] ?? '').trim() };
}
