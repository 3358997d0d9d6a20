/** A value, or a promise of it. A known value needs no turn of the event loop. */
export type MaybePromise<T> = T | Promise<T>;

/** Applies `next`, synchronously if the value is known. */
export function mapMaybePromise<T, R>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** What `next` makes of what `run` returns, or `failed` of what it throws, or rejects with. */
export function settleMaybePromise<T, R>(
  run: () => MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
  failed: (error: Error) => MaybePromise<R>,
): MaybePromise<R> {
  let value: MaybePromise<T>;
  try {
    value = run();
  } catch (error) {
    return failed(error as Error);
  }
  return value instanceof Promise ? value.then(next, failed) : next(value);
}

/** Runs at the first call; every later one has the same result. */
export function lazy<R extends object>(run: () => R): () => R {
  let result: R | undefined;
  return () => {
    result ??= run();
    return result;
  };
}

/** Runs at the first call, and again after it has failed; every other call has the same result. */
export function lazyPromise<R>(run: () => Promise<R>): () => Promise<R> {
  let result: Promise<R> | undefined;
  return () => {
    result ??= run().catch((error) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}

/** Runs at the first call for each key; every later one has the same result, which is kept as long as the function is. */
export function lazyFor<K, R extends object>(run: (key: K) => R): (key: K) => R {
  const results = new Map<K, R>();
  return (key) => {
    const result = results.get(key) ?? run(key);
    results.set(key, result);
    return result;
  };
}
