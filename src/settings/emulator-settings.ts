import { credentials, hosts, port, text, wholeNumber } from './parsers.ts';
import { setting } from './setting.ts';

/** The emulator's settings, whether it runs alone or within the service. */
export const EMULATOR_SETTINGS = {
  EMULATOR_HOST: setting(text, '127.0.0.1', 'The address on which the emulator listens.'),
  EMULATOR_PORT: setting(port, '4001', 'The port on which the emulator listens; 0: any free port.'),
  EMULATOR_PATH: setting(
    text,
    '',
    'A SQLite file for the emulator, empty at first; without one it is in memory and has examples.',
  ),
  EMULATOR_QUOTA: setting(wholeNumber(1, 1_000_000), '60', 'How many certificates the emulator allows.'),
  EMULATOR_REQUESTS_PER_SECOND: setting(
    wholeNumber(0, 1_000_000),
    '10',
    'How many requests a second the emulator allows; 0: any.',
  ),
  EMULATOR_BURST: setting(wholeNumber(1, 1_000_000), '40', 'How many of them at once.'),
  EMULATOR_CREDENTIALS: setting(
    credentials,
    '',
    'KEY:SECRET with which requests must be signed; without it any credentials are accepted.',
  ),
  EMULATOR_BACKENDS: setting(
    hosts,
    '',
    'Hosts that the emulator may call as backends of APIs, besides loopback addresses, separated by commas; each may have a port.',
  ),
  EMULATOR_BACKEND_CA: setting(
    text,
    '',
    'A PEM file with certificates that the emulator trusts in backends, besides the public ones.',
  ),
};
