/*
 * What is decided in Redis, each in one call. Times are the server's, in milliseconds.
 *
 * - a breaker: hash `name` (`closed`, `open`, `half-open`, or `held` by an operator), `epoch`, `failures`, `since`, and `probe`, the lease of
 *   the call that probes. It follows `admitCall` and `settleCall`; a missing one is closed, of epoch 0. Epochs are times, so that none comes
 *   twice even after Redis was emptied.
 * - a key: hash of `parked` and `cool <target>`, until when it is left alone, and `tat`, see `takeRate`.
 * - slots of a key, and calls in progress: sorted sets of leases by their expiry.
 */

export const clock = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local text = function(number) return string.format('%.0f', number) end
`;

/**
 * A token bucket of a minute's calls as one number, the theoretical arrival time of the generic cell rate algorithm: when the bucket
 * is full again. `rateWait` returns milliseconds until the next call.
 */
export const takeRate = `
local MINUTE = 60000
local rateWait = function(tat, rpm) return math.max(0, (tonumber(tat) or 0) - now - MINUTE + MINUTE / rpm - 0.01) end
local rateTaken = function(tat, rpm) return math.max(tonumber(tat) or 0, now) + MINUTE / rpm end
`;

/** Another call may end at any time: so soon it may be worth asking again. */
export const BUSY_MS = 1_000;

const breakers = `
local KEPT = 86400000
local readBreaker = function(key)
  local kept = redis.call('hmget', key, 'name', 'epoch', 'failures', 'since', 'probe')
  return { name = kept[1] or 'closed', epoch = tonumber(kept[2]) or 0, failures = tonumber(kept[3]) or 0,
    since = tonumber(kept[4]) or 0, probe = kept[5] or '' }
end
local writeBreaker = function(key, state)
  redis.call('hset', key, 'name', state.name, 'epoch', text(state.epoch), 'failures', state.failures,
    'since', text(state.since), 'probe', state.probe)
  redis.call('pexpire', key, KEPT)
end
local nextEpoch = function(state) return math.max(state.epoch + 1, now) end
local lengthen = function(key, ms) if redis.call('pttl', key) < ms then redis.call('pexpire', key, text(ms)) end end
`;

/**
 * Keys: the breaker; then of each key its hash and its slots.
 * Values: target, lease, ms of a lease, ms of an open breaker, a random number; then of each key weight, concurrency, calls a minute (0
 * for any), ms that it rests as far as the caller knows, and one of the caller's leases of it.
 *
 * Returns `turn`, number of the key from 1, epoch, 1 for a probe, failures; or `open`, `resting` or `full` and milliseconds; or nothing when
 * a lease of the caller is lost.
 */
export const beginScript = `${clock}${takeRate}${breakers}
local target, lease, leaseMs, resetMs, random = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local breaker = readBreaker(KEYS[1])
if breaker.name == 'held' then return { 'open', resetMs } end
local left = breaker.since + resetMs - now
if breaker.name ~= 'closed' and left > 0 then return { 'open', left } end

local free, weights, restingMs, fullMs = {}, 0, math.huge, math.huge
for number = 1, (#KEYS - 1) / 2 do
  local key, slots, at = KEYS[2 * number], KEYS[2 * number + 1], 5 * number
  local weight, concurrency, rpm = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local known = redis.call('hmget', key, 'parked', 'cool ' .. target, 'tat')
  local rest = math.max((tonumber(known[1]) or 0) - now, (tonumber(known[2]) or 0) - now, tonumber(ARGV[at + 4]))
  local wait = 0
  if concurrency > 0 then
    redis.call('zremrangebyscore', slots, '-inf', text(now))
    if ARGV[at + 5] ~= '' and not redis.call('zscore', slots, ARGV[at + 5]) then return nil end
    if redis.call('zcard', slots) >= concurrency then wait = ${BUSY_MS} end
  end
  if rpm > 0 then wait = math.max(wait, rateWait(known[3], rpm)) end
  if rest > 0 then restingMs = math.min(restingMs, rest)
  elseif wait > 0 then fullMs = math.min(fullMs, wait)
  else
    free[#free + 1] = { number = number, key = key, slots = slots, weight = weight, concurrency = concurrency, rpm = rpm, tat = known[3] }
    weights = weights + weight
  end
end
if #free == 0 then
  if fullMs < math.huge then return { 'full', math.ceil(fullMs) } end
  return { 'resting', math.ceil(restingMs) }
end

local chosen, point = free[#free], random * weights
for _, one in ipairs(free) do
  point = point - one.weight
  if point < 0 then chosen = one break end
end
if chosen.concurrency > 0 then
  redis.call('zadd', chosen.slots, text(now + leaseMs), lease)
  redis.call('pexpire', chosen.slots, leaseMs)
end
if chosen.rpm > 0 then
  redis.call('hset', chosen.key, 'tat', string.format('%.3f', rateTaken(chosen.tat, chosen.rpm)))
  lengthen(chosen.key, MINUTE)
end
local isProbe = 0
if breaker.name ~= 'closed' then
  isProbe = 1
  breaker = { name = 'half-open', epoch = nextEpoch(breaker), failures = breaker.failures, since = now, probe = lease }
  writeBreaker(KEYS[1], breaker)
end
return { 'turn', chosen.number, breaker.epoch, isProbe, breaker.failures }`;

/**
 * Keys: the breaker, the key's hash, its slots, the names of all breakers. Values: target, lease, outcome, epoch (-1 for none that is known
 * here), failures that open a breaker, ms that it stays open, ms of a cooldown, ms of parking.
 * A probe that its caller gave up before it heard of it has its place freed by its lease.
 *
 * Returns failures in a row.
 */
export const endScript = `${clock}${breakers}
local target, lease, outcome, epoch = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local limit, resetMs = tonumber(ARGV[5]), tonumber(ARGV[6])
redis.call('zrem', KEYS[3], lease)
local rest = function(field, ms)
  if ms <= 0 then return end
  local known = redis.call('hmget', KEYS[2], field)[1]
  local ends = math.max(tonumber(known) or 0, now + ms)
  redis.call('hset', KEYS[2], field, text(ends))
  lengthen(KEYS[2], ends - now)
end
rest('cool ' .. target, tonumber(ARGV[7]))
rest('parked', tonumber(ARGV[8]))

local breaker = readBreaker(KEYS[1])
local isProbe = breaker.name == 'half-open' and breaker.probe == lease
if breaker.name == 'open' or breaker.name == 'held' or (breaker.epoch ~= epoch and not isProbe) then return breaker.failures end
if breaker.name == 'half-open' then
  if outcome == 'success' then
    writeBreaker(KEYS[1], { name = 'closed', epoch = nextEpoch(breaker), failures = 0, since = 0, probe = '' })
    return 0
  end
  local since = now
  if outcome == 'abandoned' then since = now - resetMs end
  writeBreaker(KEYS[1], { name = 'open', epoch = nextEpoch(breaker), failures = breaker.failures, since = since, probe = '' })
  return breaker.failures
end
if outcome == 'abandoned' or (outcome == 'success' and breaker.failures == 0) then return breaker.failures end
if outcome == 'success' then breaker.failures = 0
else
  breaker.failures = breaker.failures + 1
  redis.call('sadd', KEYS[4], target)
end
if breaker.failures >= limit then
  breaker.name, breaker.epoch, breaker.since = 'open', nextEpoch(breaker), now
end
writeBreaker(KEYS[1], breaker)
return breaker.failures`;

/** Keys: the names of all breakers. Values: what the key of a breaker begins with. Returns name, state, failures, since of each. */
export const listScript = `${clock}${breakers}
local found = {}
for _, target in ipairs(redis.call('smembers', KEYS[1])) do
  local breaker = readBreaker(ARGV[1] .. target)
  if breaker.epoch == 0 and breaker.failures == 0 then redis.call('srem', KEYS[1], target)
  else found[#found + 1] = { target, breaker.name, breaker.failures, string.format('%.0f', breaker.since) } end
end
return found`;

/** Keys: the breaker, the names of all. Values: target, `held` or `closed`. One that is held stays so until it is closed. */
export const setScript = `${clock}${breakers}
local breaker = readBreaker(KEYS[1])
writeBreaker(KEYS[1], { name = ARGV[2], epoch = nextEpoch(breaker), failures = 0, since = now, probe = '' })
if ARGV[2] == 'held' then redis.call('persist', KEYS[1]) end
redis.call('sadd', KEYS[2], ARGV[1])
return 1`;
