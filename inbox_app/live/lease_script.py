"""What Redis does to take or renew a lease, in one step.

It's by Redis's own clock, so that the clocks of several machines don't matter. A member begins with when it was taken,
so that the smallest is the oldest; a renewal that finds itself among the oldest ones too many has lost its place.
"""

from typing import Final

TAKE: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local since, limit, newest_win = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[5] == '1'
local is_new, count = since == 0, redis.call('ZCARD', KEYS[1])
if limit > 0 and not newest_win and count >= limit then return 0 end
if is_new then since = now end
local member = string.format('%015d:%s', since, ARGV[1])
redis.call('ZADD', KEYS[1], now + ARGV[4], member)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
if limit > 0 and newest_win and count >= limit then
  local all = redis.call('ZRANGE', KEYS[1], 0, -1)
  table.sort(all)
  for i = 1, #all - limit do
    redis.call('ZREM', KEYS[1], all[i])
    if all[i] == member and not is_new then since = 0 end
  end
end
return since
"""
