import type { AccountRegion } from '../../aws/account-region.ts';
import { type CertwayError, inPlaceOf, UpstreamError } from '../../errors/errors.ts';
import { type AccountRegionState, stateOf } from './state.ts';

/** Why an account and region could not be read. */
export type Failure = { accountRegion: AccountRegion; error: UpstreamError };

/** Whether others can be shown although this one failed. That an operation asks for too much is no failure of one of them. */
export const isFailure = (error: unknown): error is UpstreamError =>
  error instanceof UpstreamError && error.code !== 'TOO_MANY_UPSTREAM_CALLS';

/** The account and region with what is wrong there: since its availability says so, or since now. */
export function unavailableOf({ accountRegion, error }: Failure, now: Date): AccountRegionState {
  const { code, message } = error;
  const since = accountRegion.availability.current()?.since ?? now;
  return stateOf(accountRegion, { code, message, since });
}

/** How many are named in an error. */
const MAX_NAMED = 5;

/** The error of what needs all of them; `consequence` is a sentence about what cannot be done. */
export function incomplete(
  [first, ...others]: readonly [Failure, ...Failure[]],
  consequence = '',
): CertwayError {
  const named = [first, ...others].slice(0, MAX_NAMED).map(({ accountRegion }) => accountRegion.name);
  const rest = others.length + 1 - named.length;
  const names = `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  const message = `Not all accounts and regions can be read: ${names}. ${first.error.message}${consequence && ` ${consequence}`}`;
  const { code: _, ...extensions } = first.error.extensions;
  return inPlaceOf(first.error, new UpstreamError(first.error.code, message, extensions));
}

export const hasAny = <T>(list: T[]): list is [T, ...T[]] => list.length > 0;
