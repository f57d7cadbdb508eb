import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  // The edge never reaches it: the supervisor passes requests on from its control socket, which only the operator opens.
  mount: [],
  rateLimit: 'none',
  database: 'platform',
  // Breakers, which it shows and sets.
  redis: 'gateway',
  // Asked rarely.
  instances: { min: 0, max: 1 },
  idle: 60,
  // The books of a large platform take minutes to read.
  timeout: 600,
  // Ids and keys that a command names, thousands at once, or the public list of prices.
  body: 8_388_608,
});
