import { defineWorker } from '../../platform/kernel/manifest.ts';

export default defineWorker({
  holdAfterRestore: true,
  database: 'platform',
  // Chats that are written to at the same time; each waits for Telegram.
  concurrency: 20,
  // A group is a chat: what is for it is sent in order.
  perOrganization: 1,
  attempts: 5,
  backoff: 2,
  timeout: 300,
  memory: 96,
  // Looks each minute whether something waits that no job is for.
  schedule: '* * * * *',
  // Bots that have no webhook, each a group; a poll waits for half a minute.
  queues: { polling: { concurrency: 8, attempts: 5, backoff: 5, timeout: 120 } },
});
