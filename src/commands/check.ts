import type { Logger } from 'pino';
import { CertwayError, type Denial } from '../errors/errors.ts';
import { readTls } from '../http/tls.ts';
import { type TriedRead, tryReads } from '../resources/read-rights.ts';
import { createService } from '../service.ts';
import { ConfigError, parseConfig } from '../settings/config.ts';
import { misspeltSettings } from '../settings/misspelt.ts';
import { type Row, tableOf } from './table.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What was checked, as a table, and whether all of it is as the service needs it. Nothing is changed in AWS. The files of `NOTIFY_PATH` and
 * `EMULATOR_PATH` are made if they are missing, and a key is written to Redis, which expires after 10 seconds.
 */
export async function check(env: Environment, log: Logger): Promise<{ text: string; isGood: boolean }> {
  const wrong = misspeltSettings(env);
  const parts: Row[] = [];
  try {
    const config = parseConfig(env);
    readTls(config);
    const emulator =
      config.UPSTREAM === 'emulator'
        ? await (await import('./emulator.ts')).startEmulator({ ...config, EMULATOR_PORT: 0 }) // a service may be running
        : undefined;
    try {
      parts.push(...(await checkParts(config, log, emulator?.upstream)));
    } finally {
      await emulator?.stop();
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    wrong.push(...error.message.split('\n'));
  }
  const settings =
    wrong.length > 0 ? wrong.map((text) => settingsRow(text, false)) : [settingsRow('ok', true)];
  const rows = [...settings, ...parts];
  return {
    text: `${tableOf(rows)}\n\nRights to write are not tried.`,
    isGood: rows.every(({ isGood }) => isGood),
  };
}

const settingsRow = (result: string, isGood: boolean): Row => ({
  what: 'settings',
  where: '',
  result,
  isGood,
});

async function checkParts(
  config: ReturnType<typeof parseConfig>,
  log: Logger,
  upstream: Parameters<typeof createService>[0]['upstream'],
): Promise<Row[]> {
  const service = await createService({ config, log, ...(upstream && { upstream }) });
  try {
    const areStagesRead = config.STAGE_READS_PER_SECOND > 0;
    const places = service.accountRegions.all.map(async (place) =>
      rowsOf(place.name, config.UPSTREAM, await tryReads(place, { areStagesRead })),
    );
    const rows = (await Promise.all(places)).flat();
    if (service.whyRedisIsDown === undefined) return rows;
    const why = service.whyRedisIsDown();
    const result = why === undefined ? 'ok' : `does not answer: ${why}`;
    return [...rows, { what: 'Redis', where: '', result, isGood: why === undefined }];
  } finally {
    service.close();
  }
}

/** Reachability and credentials are known by the first read. */
function rowsOf(name: string, upstream: string, tried: TriedRead[]): Row[] {
  const where = upstream === 'emulator' ? `${name} (emulator)` : name;
  const error = tried[0]?.outcome;
  const failure = error instanceof CertwayError ? error : undefined;
  const denial = failure?.aws?.denial;
  const isReached = failure === undefined || (denial !== undefined && denial.reason !== 'no-credentials');
  const isKnown = failure === undefined || denial?.reason === 'not-allowed';
  const row = (what: string, result: string, isGood: boolean): Row => ({ what, where, result, isGood });
  const reasonOf = (one: CertwayError) => (one.aws ? `${one.aws.name}: ${one.aws.message}` : one.message);
  if (failure && denial?.reason === 'no-credentials')
    return [row('credentials', `none: ${reasonOf(failure)}`, false), row('AWS', 'not tried', true)];
  if (failure && !isReached) return [row('AWS', `does not answer: ${reasonOf(failure)}`, false)];
  const credentials = isKnown ? 'ok' : `${words(denial)}: ${failure ? reasonOf(failure) : ''}`;
  const head = [row('AWS', 'answers', true), row('credentials', credentials, isKnown)];
  if (!isKnown) return head;
  return [
    ...head,
    ...tried.map(({ operation, outcome }) => {
      if (outcome === undefined) return row(operation, 'allowed', true);
      if (typeof outcome === 'string') return row(operation, `not tried: ${outcome}`, true);
      return row(operation, reasonOf(outcome), false);
    }),
  ];
}

const WORDS: Partial<Record<Denial['reason'], string>> = {
  expired: 'expired',
  'unknown-key': 'AWS does not know the key',
  'wrong-signature': 'the secret is wrong',
};

const words = (denial: Denial | undefined): string => (denial && WORDS[denial.reason]) ?? 'refused';
