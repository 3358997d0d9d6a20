import type { Logger } from 'pino';
import { startService } from '../service.ts';
import type { Config } from '../settings/config.ts';
import { listenError } from './listen-error.ts';
import { serviceText } from './messages.ts';

/** Starts the service with the page of a folder, after its emulator if it has one. `stop` stops both; `text` says where they are. */
export async function serve(
  config: Config,
  log: Logger,
  pageFolder: string,
): Promise<{ text: string; stop: () => Promise<void> }> {
  const emulator =
    config.UPSTREAM === 'emulator' ? await (await import('./emulator.ts')).startEmulator(config) : undefined;
  const upstream = emulator?.upstream;
  const service = await startService({ config, log, pageFolder, ...(upstream && { upstream }) }).catch(
    (error) => {
      const { HOST, PORT, EMULATOR_PORT } = config;
      throw emulator && PORT === EMULATOR_PORT
        ? listenError('', HOST, PORT, error, 'the emulator listens on the same port (EMULATOR_PORT)')
        : listenError('', HOST, PORT, error);
    },
  );
  return {
    text: serviceText(config, service, emulator),
    stop: async () => {
      await service.stop();
      await emulator?.stop();
    },
  };
}
