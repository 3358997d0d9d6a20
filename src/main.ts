import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { createApiKey } from './auth/api-key.ts';
import { type Command, parseCommand } from './commands/command-line.ts';
import { apiKeyText, emulatorText } from './commands/messages.ts';
import { type Config, ConfigError, parseConfig } from './settings/config.ts';
import { misspeltSettings } from './settings/misspelt.ts';

/** Stops what a command started; the process waits for it before it ends. */
type Stop = () => Promise<void>;

/** Beside the bundle, in its package; or where `npm ci` has built it for the sources. */
const PAGE_OF_BUNDLE = `${import.meta.dirname}/page`;
const PAGE_FOLDER = existsSync(PAGE_OF_BUNDLE) ? PAGE_OF_BUNDLE : `${import.meta.dirname}/../page/dist`;

/** How long the last lines of output wait for a reader. */
const END_MS = 1000;

/** Under npm, Ctrl-C arrives twice, from the terminal and through npm. Both count as one signal. */
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
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', doesMoreThanPrint(command) ? () => undefined : endUnprinted);
  if (command.name === 'help') return print(command.text);
  if (command.name === 'version') return print((await manifest()).version);
  if (command.name === 'api-key') return print(apiKeyText(createApiKey(command.keyName)));

  if (command.name === 'check' || command.name === 'notify') exitOnSignal();
  if (command.name === 'check') return checkAll();
  for (const warning of misspeltSettings(process.env)) process.stderr.write(`${warning}\n`);
  const config = parseConfig(process.env);
  if (command.name === 'notify') return notifyOnce(config, command);
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
  const { text, stop } = await serve(config, log, PAGE_FOLDER);
  print(text);
  return stop;
}

/** Its output is a table; it ends with 1 if something in it is wrong. */
async function checkAll(): Promise<void> {
  const [{ check }, { createLog }] = await Promise.all([
    import('./commands/check.ts'),
    import('./observability/log.ts'),
  ]);
  const { log } = await createLog('silent', process.stderr);
  const { text, isGood } = await check(process.env, log);
  print(text);
  process.exitCode = isGood ? 0 : 1;
}

/** Its output is what would be sent; the log goes to standard error. */
async function notifyOnce(config: Config, options: { isDryRun: boolean; sinceMs: number }): Promise<void> {
  const [{ notify }, { createLog }] = await Promise.all([
    import('./commands/notify.ts'),
    import('./observability/log.ts'),
  ]);
  const { log, flush } = await createLog(config.LOG_LEVEL, process.stderr);
  process.on('exit', flush);
  const { text, isDone } = await notify(config, log, options);
  if (text !== '') print(text);
  process.exitCode = isDone ? 0 : 1;
}

/** For commands that have nothing to stop. Without a listener, a process with the id 1, as in a container, ignores signals. */
function exitOnSignal(): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
}

/** The first signal stops what was started, however long that takes; the second ends the process at once. */
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

/** Exits even if nobody reads the rest of the output. */
function endSoon(): void {
  setTimeout(() => process.exit(), END_MS).unref();
}

/** An import, so that the bundle contains it. */
async function manifest(): Promise<{ version: string }> {
  const { default: all } = await import('../package.json', { with: { type: 'json' } });
  return all;
}

/** The service and notices go on when the disk is full or the reader of their output is gone. Of other commands the output is all there is. */
function doesMoreThanPrint(command: Command): boolean {
  if (command.name === 'notify') return !command.isDryRun;
  return command.name === 'serve' || command.name === 'emulator';
}

/** A reader that is gone, such as `head`, has read enough. */
function endUnprinted({ code, message }: NodeJS.ErrnoException): void {
  if (code !== 'EPIPE') process.stderr.write(`cannot print: ${message}\n`);
  process.exit(1);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
