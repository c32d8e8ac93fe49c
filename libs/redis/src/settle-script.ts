import { MISMATCHES_THAT_KILL } from '#core';
import { RING } from './ring-script.ts';
import { RING_KEYS } from './shard.ts';
import { Script } from './script.ts';

/** How many values an act is told with. */
export const VALUES_PER_ACT = 9;

/**
 * Settles acts one after another.
 *
 * ARGV[2..]  for each: `spend`, `mismatch` or `look`, incarnation, id, expiry in seconds, spender, repeat key,
 *            fingerprint, uses, target URI. A look needs the first four, and changes nothing.
 * Out        for each a line: `judged <verdict>`, `noted <mismatches> <1 if killed>`, `state <state> <spender> <target URI>`;
 *            `beyond`: it lives longer than is remembered
 *
 * A record is the number of mismatches, and for each use `;spender,repeat key,fingerprint`. Where there is a target URI,
 * it stands beside the record, under the id with a slash.
 */
export const SETTLE = new Script(`${RING}
local current, floor = living()
if current then floor = advance(current, floor) end

local function spend(key, id, spender, repeatKey, fingerprint, uses, target)
  local record = redis.call('HGET', key, id) or '0'
  local count, taken = 0, false
  for by, keptKey, kept in record:gmatch(';([^,]*),([^,]*),([^;]*)') do
    count = count + 1
    if by == spender and repeatKey ~= '' and keptKey == repeatKey then
      return kept == fingerprint and 'repeated' or 'key_conflict'
    end
    taken = taken or kept == fingerprint
  end
  if uses == 1 and count > 0 then return 'already_spent' end
  if tonumber(record:match('^%d+')) >= ${MISMATCHES_THAT_KILL} then return 'killed' end
  if taken or count >= uses then return 'already_spent' end
  redis.call('HSET', key, id, record .. ';' .. spender .. ',' .. repeatKey .. ',' .. fingerprint)
  if target ~= '' then redis.call('HSET', key, id .. '/', target) end
  return 'spent'
end

local function mismatch(key, id)
  local record = redis.call('HGET', key, id) or '0'
  local mismatches = math.min(tonumber(record:match('^%d+')) + 1, 32767)
  redis.call('HSET', key, id, mismatches .. record:match('^%d+(.*)$'))
  local killed = not record:find(';') and mismatches >= ${MISMATCHES_THAT_KILL}
  return 'noted ' .. mismatches .. (killed and ' 1' or ' 0')
end

local function look(key, id, exp)
  if exp <= tonumber(time[1]) then return 'state expired' end
  local record = redis.call('HGET', key, id) or '0'
  local spender = record:match(';([^,]*)')
  if spender then
    local target = redis.call('HGET', key, id .. '/')
    return 'state spent ' .. spender .. (target and ' ' .. target or '')
  end
  return tonumber(record:match('^%d+')) >= ${MISMATCHES_THAT_KILL} and 'state killed' or 'state unspent'
end

local GONE = { spend = 'judged ledger_gone', mismatch = 'noted 0 0', look = 'state ledger_gone' }
local OVER = { spend = 'judged expired', mismatch = 'noted 0 0', look = 'state expired' }

local function settle(at)
  local act, incarnation, id, exp = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
  if incarnation ~= current then return GONE[act] end
  local bucket = math.floor(exp / width)
  if bucket <= floor then return OVER[act] end
  if bucket > floor + ${RING_KEYS} then return 'beyond' end
  local key = bucketKey(bucket)
  if redis.call('HGET', key, '') ~= current .. ' ' .. bucket then
    -- Evicted or deleted: nobody knows any more what was spent, so the incarnation is over.
    redis.call('DEL', state)
    current = nil
    return GONE[act]
  end
  if act == 'mismatch' then return mismatch(key, id) end
  if act == 'look' then return look(key, id, exp) end
  return 'judged ' .. spend(key, id, ARGV[at + 4], ARGV[at + 5], ARGV[at + 6], tonumber(ARGV[at + 7]), ARGV[at + 8])
end

local lines = {}
for at = 2, #ARGV, ${VALUES_PER_ACT} do lines[#lines + 1] = settle(at) end
return lines
`);
