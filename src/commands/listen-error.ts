import { ConfigError } from '../settings/config.ts';

/**
 * The error to throw when a server cannot listen: a `ConfigError` that names the setting to change, `PORT` or
 * `HOST` after the prefix. An error with another cause is returned as it is. `inUse` says why the port may be taken.
 */
export function listenError(
  prefix: '' | 'EMULATOR_',
  host: string,
  port: number,
  error: NodeJS.ErrnoException,
  inUse = 'another process listens there',
): Error {
  const { code = '', message, syscall = '' } = error;
  if (!['listen', 'getaddrinfo'].includes(syscall)) return error;
  const setting = ['EADDRINUSE', 'EACCES'].includes(code) ? 'PORT' : 'HOST';
  const reason = code === 'EADDRINUSE' ? inUse : message;
  return new ConfigError(`${prefix}${setting}: cannot listen on ${host}:${port}: ${reason}`);
}
