import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FunctionManifest } from '../../platform/kernel/manifest.ts';
import type { CheckoutCopy } from './checkout-copy.ts';

/** The function of `echo-app.ts` in a copied checkout. */
export interface EchoFunction {
  name: string;
  /** Where it answers. */
  path: string;
  /** Other content: the next deploy makes another release. */
  write(changes?: EchoChanges): Promise<void>;
}

export interface EchoChanges {
  version?: string;
  /** The status that GET answers with. */
  status?: number;
  /** Added to the manifest. */
  manifest?: Partial<FunctionManifest>;
  /** Variables that its processes see, and the file that defines them. */
  reads?: { names: string[]; from: string };
  /** TypeScript below everything else. */
  code?: string;
}

/** What its processes say of themselves. */
export interface Echo {
  version: string;
  pid: number;
  port?: string;
}

/** Writes the function's folder. The manifest stays what it is here, unless changes say otherwise. */
export async function addEchoFunction(
  copy: CheckoutCopy,
  name: string,
  { reads: always, ...manifest }: Partial<FunctionManifest> & Pick<EchoChanges, 'reads'> = {},
): Promise<EchoFunction> {
  const path = `/echo/${name}`;
  const app = await readFile(join(import.meta.dirname, 'echo-app.ts'), 'utf8');
  const echo: EchoFunction = {
    name,
    path,
    async write({ version = 'version 0', status = 200, code = '', reads = always, ...changes } = {}) {
      const content = { mount: [path], rateLimit: 'none', ...manifest, ...changes.manifest };
      await copy.write(
        `functions/${name}/function.ts`,
        `import { defineFunction } from '../../platform/kernel/manifest.ts';\nexport default defineFunction(${JSON.stringify(content)});\n`,
      );
      await copy.write(
        `functions/${name}/app.ts`,
        `${(reads ? reading(app, reads) : app).replace("'version 0'", JSON.stringify(version)).replace('statusOfGet = 200', `statusOfGet = ${status}`)}\n${code}\n`,
      );
    },
  };
  await echo.write();
  return echo;
}

const reading = (app: string, { names, from }: NonNullable<EchoChanges['reads']>): string =>
  `import { defineProvider } from '../../platform/runtime/boot.ts';
import { ${names.join(', ')} } from '../../${from}';
${app.replace('provide = {}', `provide = { settings: defineProvider([${names.join(', ')}], (_, read) => read) }`)}`;
