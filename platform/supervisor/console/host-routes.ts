import { hostname } from 'node:os';
import { Hono } from 'hono';
import { version } from '../../kernel/version.ts';
import { hostIdOf } from '../hosts/host-id.ts';
import { knownHosts, withHosts } from '../hosts/host-rows.ts';
import type { ConsolePlatform } from './create-console.ts';

/** This host, and those that serve the same database. */
export function hostRoutes({ home, settings, queueUrl }: ConsolePlatform, startedAt: string): Hono {
  const own = async () => ({ id: await hostIdOf(home), name: hostname() });
  const app = new Hono();
  app.get('/host', async (c) => c.json(await own()));
  app.get('/hosts', async (c) => {
    const { id, name } = await own();
    // A platform of one host has a database that others may not even reach.
    const known = Number(settings.source.PANDECT_HOSTS ?? 1) > 1 ? await withHosts(queueUrl(), knownHosts) : [];
    const hosts = known.map(({ seenAt, ...host }) => ({ ...host, seenAt: host.state === 'stopped' ? null : seenAt }));
    const alone = { id, name, version, startedAt, seenAt: new Date().toISOString(), state: 'running' };
    return c.json({ own: id, hosts: hosts.some((host) => host.id === id) ? hosts : [alone, ...hosts] });
  });
  return app;
}
