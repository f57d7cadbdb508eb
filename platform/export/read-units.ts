import { createBundler } from '../supervisor/release/bundle.ts';
import { readUnits, type Unit } from '../supervisor/unit.ts';

/**
 * All functions and workers of a checkout with the names of the variables that their code reads, which only a bundle tells.
 * @throws with the mistakes of all manifests at once, or with the place of a mistake in the code
 */
export async function readBuiltUnits(root: string): Promise<Unit[]> {
  const bundle = createBundler();
  const read: Unit[] = [];
  // One after the other, as the bundler keeps what they share.
  for (const unit of await readUnits(root)) {
    const { variables } = await bundle(unit, root);
    const env = [...new Set([...unit.manifest.env, ...variables])].toSorted();
    read.push(
      unit.kind === 'function'
        ? { ...unit, manifest: { ...unit.manifest, env } }
        : { ...unit, manifest: { ...unit.manifest, env } },
    );
  }
  return read;
}
