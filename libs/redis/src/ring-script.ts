import { RING_KEYS } from './shard.ts';

/**
 * Lua that every script of the ledger begins with. What a shard consists of:
 *
 * KEYS[1]     hash: `incarnation`, `server` to which it is tied, `seconds` of a bucket, `floor`
 * KEYS[2..5]  hash for each open bucket: token id to its record; under the empty name the incarnation and the number of
 *             the bucket, so that a bucket which was lost is told from one in which nothing was spent
 *
 * Buckets up to `floor` are forgotten and nothing of them is spent, the next four are open. One that has passed stays
 * open for another one, because the database's clock judges expiry and this server's only what may be forgotten.
 *
 * ARGV[1]     seconds of a bucket
 */
export const RING = `
local state, width = KEYS[1], tonumber(ARGV[1])
local time = redis.call('TIME')
local due = math.floor(tonumber(time[1]) / width) - 2

-- A start, a promotion and a resynchronisation each change one of the two.
local replication = redis.call('INFO', 'replication')
if replication:match('role:(%a+)') ~= 'master' then return redis.error_reply('NOTMASTER') end
local server = redis.call('INFO', 'server'):match('run_id:(%x+)') .. replication:match('master_replid:(%x+)')

local function bucketKey(bucket) return KEYS[2 + bucket % ${RING_KEYS}] end

-- A floor that is due later says that the clock was set back: the ring cannot serve this time.
local function living()
  local kept = redis.call('HMGET', state, 'incarnation', 'server', 'seconds', 'floor')
  local floor = tonumber(kept[4])
  if not kept[1] or kept[2] ~= server or tonumber(kept[3]) ~= width or floor > due + 1 then return nil end
  return kept[1], floor
end

local function openBucket(bucket, incarnation)
  redis.call('UNLINK', bucketKey(bucket))
  redis.call('HSET', bucketKey(bucket), '', incarnation .. ' ' .. bucket)
end

-- What nobody uses any more is gone after some hours.
local function keep()
  for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, 16 * width + 3600) end
end

local function advance(incarnation, floor)
  if floor >= due then return floor end
  for bucket = math.max(floor, due - ${RING_KEYS}) + 1, due do openBucket(bucket + ${RING_KEYS}, incarnation) end
  redis.call('HSET', state, 'floor', due)
  keep()
  return due
end
`;
