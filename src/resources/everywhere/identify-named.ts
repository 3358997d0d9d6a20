import { InvalidInputError } from '../../errors/errors.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import { identifyAccount } from './identify-account.ts';
import { areUnknownDigits, type Narrowing } from './narrow.ts';
import type { OperationEverywhere } from './operation.ts';

/**
 * Runs what narrows by a filter and throws if that is wrong. The filter may have the 12 digits of an account that is not known by them
 * yet: if nothing else is wrong, the accounts are asked for theirs first.
 */
export function identifyNamed<R>(
  operation: Pick<OperationEverywhere, 'all' | 'ask' | 'inParallel'>,
  filter: Narrowing | null | undefined,
  run: () => R,
): MaybePromise<R> {
  const { all } = operation;
  const names = filter?.accounts ?? [];
  const isUnknown = (name = '') => areUnknownDigits(all, name);
  const areAllIdentified = all.every(({ account, accountId }) => account === undefined || accountId);
  if (areAllIdentified || !names.some(isUnknown)) return run();
  try {
    return run();
  } catch (error) {
    const isOfUnknown = ({ path: [filter, member, i] }: InvalidInputError['issues'][number]) =>
      filter === 'filter' && member === 'accounts' && isUnknown(names[Number(i)]);
    if (!(error instanceof InvalidInputError) || !error.issues.every(isOfUnknown)) throw error;
  }

  async function identify(): Promise<void> {
    for (const name of new Set(names)) if (isUnknown(name)) await identifyAccount(operation, all, name);
  }
  return identify().then(run);
}
