import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { stream } from 'hono/streaming';
import { z } from 'zod';
import { followLogs } from '../logs/follow-logs.ts';
import { readPlaces, writePlaces } from '../logs/log-place.ts';
import { searchLogs } from '../logs/search-logs.ts';
import { logLevels, type ShownLine } from '../logs/shown-line.ts';
import { createSourcePlaces } from '../release/source-places.ts';
import type { ConsolePlatform } from './create-console.ts';

const time = z.coerce.number().int().min(0);
const filters = {
  unit: z.string().optional(),
  level: z.enum(logLevels).optional(),
  request: z.string().max(200).optional(),
  text: z.string().max(200).optional(),
  since: time.optional(),
  until: time.optional(),
};
const places = z
  .string()
  .max(12_000)
  .transform((text, context) => {
    const read = readPlaces(text);
    if (read) return read;
    context.addIssue({ code: 'custom', message: 'is no place in the logs' });
    return z.NEVER;
  });
const ofSearch = z.object({ ...filters, limit: z.coerce.number().int().min(1).max(1_000), from: places.optional() });
const ofFollow = z.object({ ...filters, from: places.optional() });

/** The supervisor's own, next to those of functions and workers. */
const OWN = 'supervisor';

/**
 * Logs of the functions, the workers and the supervisor, in which no word of a person stands. Those of PostgreSQL, Redis and Caddy are
 * not shown: they may repeat a statement with its values, or an address with what was searched for.
 */
export function logRoutes({ units, home }: Pick<ConsolePlatform, 'units' | 'home'>): Hono {
  const app = new Hono();
  // A unit that never ran has no log yet; its place is known all the same, so that its first lines are not missed.
  const shown = (unit: string | undefined) =>
    [...units.all.map(({ name }) => name), OWN].filter((name) => unit === undefined || name === unit);
  const assertKnown = (unit: string | undefined) => {
    if (unit !== undefined && unit !== OWN) units.find(unit);
  };
  // One at a time: each may read megabytes.
  let before: Promise<unknown> = Promise.resolve();

  app.get('/logs', async (c) => {
    const { unit, limit, from, ...filter } = read(ofSearch, c.req.query());
    assertKnown(unit);
    const search = async () =>
      searchLogs({ folder: home.logs, names: shown(unit), filter, limit, from, signal: c.req.raw.signal });
    const found = before.then(search, search);
    before = found.catch(() => {});
    const { lines, next, end } = await found;
    return c.json({
      lines: await inSources(createSourcePlaces(home.releases), lines),
      next: next ? writePlaces(next) : null,
      end: end ? writePlaces(end) : null,
    });
  });
  app.get('/logs/events', (c) => {
    const { unit, from, ...filter } = read(ofFollow, c.req.query());
    assertKnown(unit);
    return stream(c, async (output) => {
      const left = new AbortController();
      output.onAbort(() => left.abort());
      const names = async () => shown(unit);
      // Maps that were read are kept for as long as somebody follows.
      const toSources = createSourcePlaces(home.releases);
      for await (const { lines, places, isGap } of followLogs({
        folder: home.logs,
        names,
        filter,
        from,
        signal: left.signal,
      })) {
        const placed = await inSources(toSources, lines);
        await output.writeln(JSON.stringify({ lines: placed, place: writePlaces(places), isGap }));
      }
    });
  });
  return app;
}

/** Places in bundles by the sources they were built from. */
async function inSources(
  toSources: ReturnType<typeof createSourcePlaces>,
  lines: readonly ShownLine[],
): Promise<ShownLine[]> {
  if (lines.length === 0) return [];
  return JSON.parse(await toSources(JSON.stringify(lines))) as ShownLine[];
}

/** @throws HTTPException 400 */
function read<S extends z.ZodType>(schema: S, query: Record<string, string>): z.output<S> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const words = parsed.error.issues.map(({ path, message }) => `"${path.join('.')}": ${message}`).join('; ');
  throw new HTTPException(400, { message: `Read logs: ${words}` });
}
