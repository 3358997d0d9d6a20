import type { AccountRegion } from '../../aws/account-region.ts';
import type { OperationEverywhere } from './operation.ts';

/**
 * Asks the accounts that are not known by their 12 digits yet for them, until one has these. Rejects if none has, and one cannot be
 * asked.
 */
export async function identifyAccount(
  { ask, inParallel }: Pick<OperationEverywhere, 'ask' | 'inParallel'>,
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
    await inParallel(() => ask(one, one.identify));
    if (one.accountId === accountId) found.resolve(undefined);
  }

  const asked = Promise.allSettled(Array.from(unknown.values(), identify));
  const outcomes = await Promise.race([found.promise, asked]);
  const failed = outcomes?.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected' && !isKnown()) throw failed.reason;
}
