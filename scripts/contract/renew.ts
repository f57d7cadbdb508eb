import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { describeApi } from '../describe-api.ts';
import { findBreaks } from './find-breaks.ts';
import { type Contract, contractPath, findCalledPaths, recordContract, writeContract } from './record.ts';

/**
 * `npm run contract`: writes what the app relies on, `web/contract.json`, from this checkout. It refuses where an app that was served before
 * would break; `-- --break` writes all the same, once no page of that app is open any more.
 */

const present = recordContract(await describeApi(), await findCalledPaths());
const recorded: Contract = existsSync(contractPath)
  ? JSON.parse(await readFile(contractPath, 'utf8'))
  : { operations: {}, shapes: {} };
const breaks = findBreaks(recorded, present);
for (const line of breaks) console.log(line);
if (breaks.length > 0 && !process.argv.includes('--break')) {
  console.error('web/contract.json: not written: pages that are open would break, see docs/web.md');
  process.exit(1);
}
await writeFile(contractPath, writeContract(present));
console.log(`web/contract.json: ${Object.keys(present.operations).length} operations`);

// Some apps keep timers for what they were made for, though nothing is served.
process.exit(0);
