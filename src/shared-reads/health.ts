import { setTimeout as wait } from 'node:timers/promises';

/** Whether AWS answers as it should, by the latest reads. Each has a number, those that are begun later a higher one. */
export type UpstreamHealth = {
  begin(): number;
  wentWell(number: number): void;
  wentWrong(number: number): void;
  isWell(): boolean;
  /** Has `tryAgain` called now and every so often, until it says that there is no use or AWS is well. */
  whileUnwell(tryAgain: () => boolean): void;
};

export function createUpstreamHealth(retryMs: number): UpstreamHealth {
  let last = 0;
  let lastGood = 0;
  let lastBad = 0;
  let isTrying = false;
  const isWell = () => lastBad <= lastGood;

  async function keepTrying(tryAgain: () => boolean): Promise<void> {
    isTrying = true;
    while (!isWell() && tryAgain()) await wait(retryMs, undefined, { ref: false });
    isTrying = false;
  }

  return {
    begin: () => {
      last += 1;
      return last;
    },
    wentWell: (number) => {
      lastGood = Math.max(lastGood, number);
    },
    wentWrong: (number) => {
      lastBad = Math.max(lastBad, number);
    },
    isWell,
    whileUnwell: (tryAgain) => {
      if (!isTrying) void keepTrying(tryAgain);
    },
  };
}
