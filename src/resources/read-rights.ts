import {
  GetClientCertificatesCommand,
  GetRestApisCommand,
  GetStagesCommand,
} from '@aws-sdk/client-api-gateway';
import type { AccountRegion } from '../aws/account-region.ts';
import { CertwayError } from '../errors/errors.ts';

/** What came of an AWS read: undefined if AWS has answered, a reason if it was not tried, or the error. */
export type TriedRead = { operation: string; outcome: undefined | string | CertwayError };

/**
 * Tries each read that the service needs in an account and region, once and as small as possible. It changes nothing, so the rights to
 * write stay unknown. Only the first is tried where AWS does not answer it, since the others would end in the same way.
 */
export async function tryReads(
  { client, v2, identify }: Pick<AccountRegion, 'client' | 'v2' | 'identify'>,
  { areStagesRead }: { areStagesRead: boolean },
): Promise<TriedRead[]> {
  const tried: TriedRead[] = [];
  async function attempt<R>(operation: string, call: () => Promise<R>): Promise<R | undefined> {
    try {
      const answer = await call();
      tried.push({ operation, outcome: undefined });
      return answer;
    } catch (error) {
      if (!(error instanceof CertwayError)) throw error;
      tried.push({ operation, outcome: error });
      return undefined;
    }
  }

  const first = await attempt('GetClientCertificates', async () => {
    await identify();
    return client.send(new GetClientCertificatesCommand({ limit: 1 }));
  });
  if (!first && !isOnlyARight(tried[0])) return tried;
  if (!areStagesRead) return tried;
  const apis = await attempt('GetRestApis', () => client.send(new GetRestApisCommand({ limit: 1 })));
  const restApiId = apis?.items?.[0]?.id;
  if (restApiId) await attempt('GetStages', () => client.send(new GetStagesCommand({ restApiId })));
  else tried.push({ operation: 'GetStages', outcome: 'no REST API is known' });
  await attempt('GetApis (v2)', async () => (await import('./read-rights-v2.ts')).tryV2(v2));
  return tried;
}

/** Whether AWS has answered, and accepts the credentials. */
const isOnlyARight = (tried: TriedRead | undefined): boolean =>
  tried?.outcome instanceof CertwayError && tried.outcome.aws?.denial?.reason === 'not-allowed';
