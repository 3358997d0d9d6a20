/**
 * Why graphql-js makes an answer. `aws`: AWS has to be asked. `error`: there is one. `promise`: something is not ready.
 * `unusual`: only graphql-js knows how.
 */
export type Reason = 'aws' | 'error' | 'promise' | 'unusual';

/** Leaves an answer to graphql-js, which makes it from the beginning. Thrown often, so there is one per reason. */
export class GivenUp extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(`left to graphql-js: ${reason}`);
    this.reason = reason;
  }
}

const GIVEN_UP: Record<Reason, GivenUp> = {
  aws: new GivenUp('aws'),
  error: new GivenUp('error'),
  promise: new GivenUp('promise'),
  unusual: new GivenUp('unusual'),
};

/** Nobody waits for promises among `values`, so their rejections are taken. */
export function giveUp(reason: Reason, ...values: unknown[]): never {
  for (const value of values) if (isPromise(value)) value.catch(() => undefined);
  throw GIVEN_UP[reason];
}

export const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise;
