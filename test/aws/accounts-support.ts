import { createMetrics } from '../../src/observability/metrics.ts';
import { encodeGlobalId } from '../../src/relay/global-id.ts';
import { arnOf } from '../../src/resources/client-certificates/id.ts';
import { createServiceClock } from '../support/clock.ts';
import { examples, type ServiceOptions, startService } from '../support/service.ts';

export const PROD = '111111111111';
export const DEV = '222222222222';

export const ACCOUNTS = `prod=arn:aws:iam::${PROD}:role/certway external-id=p1,dev=arn:aws:iam::${DEV}:role/team/certway`;
export const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1'];

/** A call that reached the emulator. */
export type AwsCall = {
  operation: string;
  labels: Record<string, unknown>;
  accountRegion: { accountId: string; region: string };
};

/** The service for two accounts in three regions. Time stands still until `pass` moves all clocks. */
export async function startAccounts({ env, emulator, ...options }: ServiceOptions = {}) {
  const clock = createServiceClock();
  const startedAt = Date.now() - clock.elapsedMs();
  const now = () => new Date(startedAt + clock.elapsedMs());
  const made: AwsCall[] = [];
  let fault: (call: AwsCall) => ReturnType<NonNullable<NonNullable<ServiceOptions['emulator']>['fault']>> =
    () => undefined;
  const service = await startService({
    now,
    metrics: createMetrics({ areNamed: true }),
    ...options,
    env: { ACCOUNTS, AWS_REGIONS: REGIONS.join(), ...env },
    clock: { elapsedMs: clock.elapsedMs, later: clock.later, now },
    elapsedMs: clock.elapsedMs,
    emulator: {
      accountRegions: [PROD, DEV, '123456789012'].flatMap((accountId) =>
        REGIONS.map((region) => ({ accountId, region, examples: examples(2) })),
      ),
      ...emulator,
    },
  });
  service.fail((operation, labels, accountRegion) => {
    const call = { operation, labels, accountRegion };
    made.push(call);
    return fault(call);
  });
  const get = async (path: string) => service.server.fetch(`http://localhost${path}`);
  return {
    ...service,
    made,
    pass: clock.pass,
    fail: (next: typeof fault) => {
      fault = next;
    },
    /** The calls of this operation. */
    callsTo: (operation: string) => made.filter((call) => call.operation === operation),
    /** The code of the error of a lookup, or `ok`. */
    lookUp: async (accountId: string, region = 'eu-central-1'): Promise<string> => {
      const id = encodeGlobalId('ClientCertificate', `${accountId}:${arnOf(region, 'c001')}`);
      const { data, errors } = await service.query('query ($id: ID!) { clientCertificate(id: $id) { id } }', {
        id,
      });
      if (!errors) return data.clientCertificate === null ? 'null' : 'ok';
      return String(errors[0]?.extensions['code']);
    },
    ready: async () => JSON.parse(await (await get('/ready')).text()),
    /** The samples of a metric, without its name. */
    samples: async (metric: string): Promise<string[]> =>
      (await (await get('/metrics')).text())
        .split('\n')
        .filter((line) => line.startsWith(`${metric}{`))
        .map((line) => line.slice(metric.length)),
  };
}

export const ASSUME_ROLE = 'AssumeRole (sts)';
export const WHO_AM_I = 'GetCallerIdentity (sts)';
