import type { Logger } from 'pino';
import { startService } from '../service.ts';
import type { Config } from '../settings/config.ts';
import { listenError } from './listen-error.ts';
import { serviceText } from './messages.ts';

/** Starts the service, and the emulator before it where that is its upstream. `stop` ends both; `text` is to be printed. */
export async function serve(
  config: Config,
  log: Logger,
): Promise<{ text: string; stop: () => Promise<void> }> {
  const emulator =
    config.UPSTREAM === 'emulator' ? await (await import('./emulator.ts')).startEmulator(config) : undefined;
  const upstream = emulator?.upstream;
  const service = await startService({ config, log, ...(upstream && { upstream }) }).catch((error) => {
    throw listenError('', config.HOST, config.PORT, error);
  });
  return {
    text: serviceText(config, service, emulator),
    stop: async () => {
      await service.stop();
      await emulator?.stop();
    },
  };
}
