import { createApiKey } from './auth/api-key.ts';
import { parseCommand } from './commands/command-line.ts';
import { apiKeyText, emulatorText } from './commands/messages.ts';
import { type Config, ConfigError, parseConfig } from './settings/config.ts';
import { misspeltSettings } from './settings/misspelt.ts';

/** What an end of the process has to wait for. */
type Stop = () => Promise<void>;

/** So long the last lines wait for a reader. */
const END_MS = 1000;

/** Ctrl-C under npm comes twice: from the terminal, and from npm, which hands it on. That is one signal. */
const DOUBLED_MS = 250;

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

async function main(args: string[]): Promise<void> {
  const command = parseCommand(args);
  if (command.name === 'help') return print(command.text);
  if (command.name === 'version') return print((await manifest()).version);
  if (command.name === 'api-key') return print(apiKeyText(createApiKey(command.keyName)));

  for (const warning of misspeltSettings(process.env)) process.stderr.write(`${warning}\n`);
  const config = parseConfig(process.env);
  // A disk that is full, or a reader that has gone, is no reason to end what others use.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const started = command.name === 'emulator' ? startEmulatorAlone(config) : startAll(config);
  endOnSignal(started);
  await started;
}

async function startEmulatorAlone(config: Config): Promise<Stop> {
  const { startEmulator } = await import('./commands/emulator.ts');
  const emulator = await startEmulator(config);
  print(emulatorText(config, emulator));
  return emulator.stop;
}

async function startAll(config: Config): Promise<Stop> {
  const [{ serve }, { createLog }] = await Promise.all([
    import('./commands/serve.ts'),
    import('./observability/log.ts'),
  ]);
  const { log, flush } = await createLog(config.LOG_LEVEL, process.stdout);
  process.on('exit', flush);
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught exception');
    process.exit(1);
  });
  const { text, stop } = await serve(config, log);
  print(text);
  return stop;
}

/** Ends what was started at the first signal, however long that takes; at a second one, the process at once. */
function endOnSignal(started: Promise<Stop>): void {
  let toldAtMs: number | undefined;
  const onSignal = () => {
    const isFirst = toldAtMs === undefined;
    toldAtMs ??= performance.now();
    if (isFirst) void started.then((stop) => stop()).then(endSoon);
    else if (performance.now() - toldAtMs > DOUBLED_MS) process.exit(1);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}

/** What nobody has read yet of what was printed does not hold up the end for ever. */
function endSoon(): void {
  setTimeout(() => process.exit(), END_MS).unref();
}

/** What is built has it inside. */
async function manifest(): Promise<{ version: string }> {
  const { default: all } = await import('../package.json', { with: { type: 'json' } });
  return all;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
