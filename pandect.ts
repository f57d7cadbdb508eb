import { runCommand } from './platform/cli/main.ts';

// The one file above all others: the platform knows no module, and is given here what they define.
await runCommand(async () => (await import('./modules/composition.ts')).composition);
