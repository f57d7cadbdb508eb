import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a limit on the memory of a group of processes made of it. */
export interface Frame {
  /** Bytes that the group held at most, its cached files among them. */
  peak: number;
  /** Processes of it that the kernel killed for want of memory. */
  killed: number;
}

interface Controller {
  folder: string;
  limit: string;
  peak: string;
  events: string;
}

/** In the first and in the second version of cgroups. */
const controllers: Controller[] = [
  {
    folder: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    peak: 'memory.max_usage_in_bytes',
    events: 'memory.oom_control',
  },
  { folder: '/sys/fs/cgroup', limit: 'memory.max', peak: 'memory.peak', events: 'memory.events' },
];

/**
 * Runs `work` while this process and all that it starts may take so many bytes together; what needs more is killed by the kernel.
 * @returns no frame on a host that grants none, such as one without root
 */
export async function withinMemory<T>(
  bytes: number,
  work: () => Promise<T>,
): Promise<{ result: T; frame: Frame | undefined }> {
  const group = openGroup(bytes);
  if (!group) return { result: await work(), frame: undefined };
  const { path, controller, leave } = group;
  try {
    const result = await work();
    const killed = Number(/^oom_kill (\d+)$/m.exec(readFileSync(join(path, controller.events), 'utf8'))?.[1] ?? 0);
    return { result, frame: { peak: Number(readFileSync(join(path, controller.peak), 'utf8')), killed } };
  } finally {
    leave();
  }
}

function openGroup(bytes: number) {
  const controller = controllers.find(
    ({ folder, limit }) => existsSync(join(folder, 'cgroup.procs')) && grants(folder, limit),
  );
  if (!controller) return undefined;
  const path = join(controller.folder, `pandect-frame-${process.pid}`);
  const before = join(controller.folder, own(controller));
  mkdirSync(path);
  writeFileSync(join(path, controller.limit), String(bytes));
  writeFileSync(join(path, 'cgroup.procs'), String(process.pid));
  const leave = () => {
    writeFileSync(join(before, 'cgroup.procs'), String(process.pid));
    rmdirSync(path);
  };
  return { path, controller, leave };
}

/** Whether a new group below the folder would have this limit. */
function grants(folder: string, limit: string): boolean {
  const path = join(folder, `pandect-probe-${process.pid}`);
  try {
    mkdirSync(path);
    writeFileSync(join(path, limit), String(2 ** 40));
    return true;
  } catch {
    return false;
  } finally {
    if (existsSync(path)) rmdirSync(path);
  }
}

/** The group that this process is in. */
function own({ folder }: Controller): string {
  const name = folder.endsWith('/memory') ? 'memory' : '';
  const line = readFileSync('/proc/self/cgroup', 'utf8')
    .split('\n')
    .map((one) => one.split(':'))
    .find(([, controller]) => controller === name);
  return line?.[2] ?? '/';
}
