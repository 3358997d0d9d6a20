import { isAboutRequest } from '../aws/errors.ts';
import { CertwayError } from '../errors/errors.ts';

/** Whether AWS works properly, judged by the latest reads. */
export type Health = {
  /** Returns the number of a new read; later reads have higher numbers. */
  begin(): number;
  /** The outcome of an earlier read never overrides that of a later one. */
  wentWell(number: number): void;
  wentWrong(number: number): void;
  /** Notes a failure, which may also show that AWS works, or say nothing about it. */
  failed(number: number, error: unknown): void;
  isWell(): boolean;
  /** Whether a later read has shown that AWS works. */
  isOvertaken(number: number): boolean;
};

/** The codes of errors that mean that AWS gave no answer. */
const NO_ANSWER: string[] = ['THROTTLED', 'UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE'];

/** Whether an error means that AWS does not work properly, so a stale answer is better. */
export const isNoAnswer = (error: unknown): boolean =>
  error instanceof CertwayError && NO_ANSWER.includes(error.code) && !isAboutRequest(error);

/**
 * Whether AWS was not asked, which says nothing about AWS or about other clients: the budget of calls refused a call of one client, or
 * one in the background was left to another replica.
 */
export const isSpared = (error: unknown): boolean =>
  error instanceof CertwayError && error.code === 'THROTTLED' && !error.aws;

/** Whether AWS cannot be read where the error is from, for any client. */
export const isUnavailable = (error: unknown): error is CertwayError =>
  error instanceof CertwayError &&
  (error.code === 'UPSTREAM_DENIED' || isNoAnswer(error)) &&
  !isSpared(error);

export function createHealth(): Health {
  let last = 0;
  let lastGood = 0;
  let lastBad = 0;

  function wentWell(number: number): void {
    lastGood = Math.max(lastGood, number);
  }

  function wentWrong(number: number): void {
    lastBad = Math.max(lastBad, number);
  }

  return {
    begin: () => {
      last += 1;
      return last;
    },
    wentWell,
    wentWrong,
    failed: (number, error) => {
      if (isSpared(error)) return;
      if (isNoAnswer(error)) return wentWrong(number);
      if (!(error instanceof CertwayError) || NO_ANSWER.includes(error.code)) return;
      if (error.code !== 'TOO_MANY_UPSTREAM_CALLS') wentWell(number);
    },
    isWell: () => lastBad <= lastGood,
    isOvertaken: (number) => number < lastGood,
  };
}
