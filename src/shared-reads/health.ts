import { isAboutRequest } from '../aws/errors.ts';
import { CertwayError } from '../errors.ts';

/** Whether AWS answers as it should, by the latest reads. */
export type Health = {
  /** The number of a read that begins: later ones have higher numbers. */
  begin(): number;
  /** A read that began earlier says nothing against a later one, however late it ends. */
  wentWell(number: number): void;
  wentWrong(number: number): void;
  /** Notes how a read failed: AWS did answer, or it did not, or it was not asked. */
  failed(number: number, error: unknown): void;
  isWell(): boolean;
};

/** Instead of an answer. */
const NO_ANSWER: string[] = ['THROTTLED', 'UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE'];

/** Whether an error tells that AWS does not answer as it should, so that an old answer is better. */
export const isNoAnswer = (error: unknown): boolean =>
  error instanceof CertwayError && NO_ANSWER.includes(error.code) && !isAboutRequest(error);

/** Whether the budget of calls has refused a call to one client. That says nothing about AWS, nor about the calls of others. */
export const isSpared = (error: unknown): boolean =>
  error instanceof CertwayError && error.code === 'THROTTLED' && !error.aws;

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
  };
}
