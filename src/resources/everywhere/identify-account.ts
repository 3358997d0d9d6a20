import type { AccountRegion } from '../../aws/account-region.ts';
import { isUnavailable } from '../../shared-reads/health.ts';
import type { OperationEverywhere } from './operation.ts';

/**
 * Asks the accounts that are not known by their 12 digits yet for them, until one has these. Rejects if none has, and one cannot be
 * asked.
 */
export async function identifyAccount(
  { ask, reasonNotToAsk, inParallel }: Pick<OperationEverywhere, 'ask' | 'reasonNotToAsk' | 'inParallel'>,
  among: readonly AccountRegion[],
  accountId: string,
): Promise<void> {
  const isKnown = () => among.some((one) => one.accountId === accountId);
  if (isKnown()) return;
  const unknown = new Map(
    among.flatMap((one) => (one.account !== undefined && !one.accountId ? [[one.account, one]] : [])),
  );
  const found = Promise.withResolvers<undefined>();

  async function identify(one: AccountRegion): Promise<void> {
    const reason = reasonNotToAsk(one);
    if (reason) throw reason;
    await inParallel(() => ask(one, one.identify)).catch((error) => {
      if (isUnavailable(error)) one.availability.failed(error);
      throw error;
    });
    if (one.accountId === accountId) found.resolve(undefined);
  }

  const asked = Promise.allSettled(Array.from(unknown.values(), identify));
  const outcomes = await Promise.race([found.promise, asked]);
  const failed = outcomes?.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected' && !isKnown()) throw failed.reason;
}
