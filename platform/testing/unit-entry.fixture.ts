import { limitRate } from '../runtime/http/limit-rate.ts';
import { runFunction } from '../runtime/run-function.ts';
import { runWorker } from '../runtime/run-worker.ts';

/** The entry of a function or worker as a release has it, from the sources: `functions/admin` or `workers/notify`. */
const [kind, name = ''] = (process.argv[2] ?? '').split('/');
const folder = new URL(`../../${kind}/${name}/`, import.meta.url);
const load = async (file: string) => import(new URL(file, folder).href);

if (kind === 'functions') await runFunction(name, (await load('function.ts')).default, await load('app.ts'), limitRate);
else await runWorker(name, (await load('worker.ts')).default, await load('handle.ts'));
