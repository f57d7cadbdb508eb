import { takeHostLock } from './host-lock.ts';

// Holds the name that it is given until it is killed, and says when it has it and each time when it is wanted.
const [name = ''] = process.argv.slice(2);
await takeHostLock(name, () => process.stdout.write('wanted\n'), new AbortController().signal);
process.stdout.write('held\n');
