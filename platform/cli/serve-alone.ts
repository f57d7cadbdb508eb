import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Variable } from '../kernel/environment.ts';
import { didYouMean } from '../kernel/nearest.ts';
import { homePath } from '../kernel/paths/home-path.ts';
import { nativesOf } from '../supervisor/process/confinement.ts';
import { planServe } from '../supervisor/process/serve-plan.ts';
import { listReleases, releaseManifest } from '../supervisor/release/releases.ts';
import { SHIPPED } from '../supervisor/sites/operations/build.ts';
import { readUnits, type Unit } from '../supervisor/unit.ts';
import { checkout } from './checkout.ts';

/**
 * Becomes the process of a unit: signals reach it, and its end is the end of the command.
 * @throws Error for a unit that is not there or was not built
 */
export async function serveAlone(
  kind: string,
  name: string,
  { built = join(checkout, SHIPPED), variables }: { built?: string; variables: readonly Variable[] },
): Promise<never> {
  const { unit, release } = await builtUnit(kind, name, resolve(built));
  const home = resolve(homePath());
  const natives = nativesOf(release);
  const plan = planServe(unit, { ...release, natives }, process.env, { node: process.execPath, home, variables });
  // Compiled code is kept where that can be written, for the next start of the same container.
  await mkdir(join(home, 'cache', name), { recursive: true }).catch(() => {});
  process.chdir(plan.cwd);
  const { PATH } = process.env;
  // A version of Node that warns of it would do so in the log of every pod.
  process.removeAllListeners('warning');
  process.execve?.(plan.command, [plan.command, ...plan.args], { ...plan.env, ...(PATH && { PATH }) });
  throw new Error(`Serve ${kind} "${name}": this system cannot turn one process into another`);
}

/** A unit as the image holds it. */
async function builtUnit(kind: string, name: string, built: string) {
  const units = await readUnits(checkout);
  const known = units.filter((unit) => unit.kind === kind);
  const found = known.find((unit) => unit.name === name);
  if (!found) {
    const names = known.map((unit) => unit.name);
    throw new Error(`Serve ${kind} "${name}": known are ${names.join(', ')}${didYouMean(name, names)}`);
  }
  const [release] = await listReleases(built, name);
  if (!release) throw new Error(`Serve ${kind} "${name}": not built; run: pandect build ${name}`);
  const unit = { ...found, manifest: await releaseManifest(release) } as Unit;
  return { unit, release };
}
