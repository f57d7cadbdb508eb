import { z } from 'zod';
import { providerKinds } from '../providers/adapter.ts';
import { abilities } from '../routing/route.ts';
import { isPlainUrl } from './is-plain-url.ts';
import { NAME, NAME_RULE } from './names.ts';
import { readDuration, readSize } from './quantities.ts';

/* The form of a configuration document. What its parts ask of each other stands in `check-references.ts`. */

const repeats = ['connect', 'timeout', '429', '5xx', 'overloaded', 'context'] as const;

const SECOND = 1000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;
const MiB = 1_048_576;

const name = z.string().regex(NAME, { error: NAME_RULE });
const text = (most = 200) => z.string().min(1, { error: 'must not be empty' }).max(most);
const count = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};
const duration = (least: number, most: number, range: string) =>
  z.string({ error: `must be a duration such as 300ms, 3s or 7d, from ${range}` }).refine(
    (value) => {
      const ms = readDuration(value);
      return ms !== undefined && ms >= least && ms <= most;
    },
    { error: `must be a duration such as 300ms, 3s or 7d, from ${range}` },
  );
const size = z.string({ error: 'must be a size such as 512KiB, from 1KiB to 1024MiB' }).refine(
  (value) => {
    const bytes = readSize(value);
    return bytes !== undefined && bytes >= 1024 && bytes <= 1024 * MiB;
  },
  { error: 'must be a size such as 512KiB, from 1KiB to 1024MiB' },
);

const base = z.string().refine(isPlainUrl, {
  error: 'must be a URL with http: or https:, without a login, query or fragment',
});

const timeouts = z.strictObject({
  connect: duration(1, 60 * SECOND, '1ms to 60s').optional(),
  first: duration(1, HOUR, '1ms to 1h').optional(),
  idle: duration(1, HOUR, '1ms to 1h').optional(),
  total: duration(1, 2 * HOUR, '1ms to 2h').optional(),
});

const key = z.strictObject({
  env: z.string().optional(),
  secret: name.optional(),
  weight: count(1, 1000).optional(),
  rpm: count(1, 1_000_000).optional(),
  concurrency: count(1, 10_000).optional(),
});

const provider = z.strictObject({
  kind: z.enum(providerKinds, { error: `must be one of ${providerKinds.join(', ')}` }),
  base: base.optional(),
  ca: z.string().optional(),
  timeouts: timeouts.optional(),
  keys: z.array(key).max(64).optional(),
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

const model = z.strictObject({
  provider: z.string(),
  name: text(),
  can: z.array(z.enum(abilities, { error: `must be one of ${abilities.join(', ')}` })).optional(),
  price: text().optional(),
  maxOutput: count(1, 10_000_000).optional(),
});

const route = z.strictObject({
  strategy: z.enum(['order', 'weighted'], { error: 'must be order or weighted' }).optional(),
  targets: z.union([z.array(z.string()), z.record(z.string(), count(1, 1000))], {
    error: 'must be a list of models, or weights from 1 to 1000 by model',
  }),
  retry: z
    .strictObject({
      attempts: count(1, 8).optional(),
      budget: duration(1, HOUR, '1ms to 1h').optional(),
      on: z.array(z.enum(repeats, { error: `must be one of ${repeats.join(', ')}` })).optional(),
    })
    .optional(),
  drop: z.boolean({ error: 'must be true or false' }).optional(),
  cache: z
    .union([z.literal(true), duration(SECOND, 30 * DAY, '1s to 30d')], {
      error: 'must be true, or a duration such as 300s, from 1s to 30d',
    })
    .optional(),
});

const named = <Entry extends z.ZodType>(entry: Entry) => z.record(name, entry);

export const documentSchema = z.strictObject({
  version: z.literal(1, { error: 'must be 1' }),
  providers: named(provider),
  models: named(model),
  routes: named(route),
  limits: z
    .strictObject({
      body: size.optional(),
      response: size.optional(),
      concurrent: count(1, 10_000).optional(),
      mediaBody: size.optional(),
    })
    .optional(),
  breaker: z
    .strictObject({ failures: count(1, 100).optional(), reset: duration(SECOND, HOUR, '1s to 1h').optional() })
    .optional(),
  logging: z.strictObject({ keep: duration(HOUR, 365 * DAY, '1h to 365d').optional() }).optional(),
});
