/** The arguments of the command that runs a Lua script on the server (https://redis.io/docs/latest/commands/eval/). */
export const evalArgs = (script: string, keys: readonly string[], args: readonly string[]): string[] => [
  'EVAL',
  script,
  `${keys.length}`,
  ...keys,
  ...args,
];

/** Begins a script that needs `now`: the server's clock in milliseconds since 1970. */
export const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;
