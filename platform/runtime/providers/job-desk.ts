import { createJobDesk, type JobDesk } from '../../capabilities/queue/index.ts';
import { openOnce } from '../../kernel/calls/open-once.ts';
import { DATABASE_URL } from '../../kernel/variables.ts';
import { defineProvider } from '../boot.ts';
import { required } from './required.ts';

/** Opens the desk at its first use: its library is large. */
export const jobDesk = defineProvider([DATABASE_URL], (boot, { DATABASE_URL }) => {
  const url = required('DATABASE_URL', DATABASE_URL);
  const opened = new Map<string, Promise<JobDesk>>();
  boot.onClose(async () => (await opened.get(url)?.catch(() => undefined))?.close());
  return () => openOnce(opened, url, () => createJobDesk(url));
});
