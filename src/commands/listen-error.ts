import { ConfigError } from '../settings/config.ts';

/**
 * The error to throw when a server cannot listen: a `ConfigError` that names the setting to change, `PORT` or
 * `HOST` after the prefix. An error with another cause is returned as it is.
 */
export function listenError(
  prefix: '' | 'EMULATOR_',
  host: string,
  port: number,
  error: NodeJS.ErrnoException,
): Error {
  const { code = '', message, syscall = '' } = error;
  if (!['listen', 'getaddrinfo'].includes(syscall)) return error;
  const setting = ['EADDRINUSE', 'EACCES'].includes(code) ? 'PORT' : 'HOST';
  const reason = code === 'EADDRINUSE' ? 'another process listens there' : message;
  return new ConfigError(`${prefix}${setting}: cannot listen on ${host}:${port}: ${reason}`);
}
