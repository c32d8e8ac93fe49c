import { RING } from './ring-script.ts';
import { RING_KEYS } from './shard.ts';
import { Script } from './script.ts';

/**
 * Gives the living incarnation of a shard, and begins a new one on emptied buckets where there is none. Any number of
 * brokers may open at once: one makes it, the others find it.
 *
 * ARGV[2]  the shard's digit
 * ARGV[3]  random text. The server is mixed into it: sent again to another one, it makes another incarnation.
 */
export const OPEN = new Script(`${RING}
local incarnation, floor = living()
if incarnation then
  advance(incarnation, floor)
  return incarnation
end
incarnation = ARGV[2] .. redis.sha1hex(ARGV[3] .. server):sub(1, 20)
redis.call('DEL', state)
for bucket = due + 1, due + ${RING_KEYS} do openBucket(bucket, incarnation) end
redis.call('HSET', state, 'incarnation', incarnation, 'server', server, 'seconds', width, 'floor', due)
keep()
return incarnation
`);
