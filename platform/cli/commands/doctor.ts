import type { Command } from 'commander';
export const doctor = (program: Command) => program.command('doctor');
