import { ConfigError } from '../settings/config.ts';

/**
 * What to throw where a server cannot listen: a `ConfigError` that names the setting to change, `PORT` or `HOST` behind
 * the prefix. An error that is no fault of a setting stays as it is.
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
