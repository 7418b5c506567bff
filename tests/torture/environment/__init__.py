"""Run in other environments and against servers that misbehave: the same bytes, or a clean error."""
