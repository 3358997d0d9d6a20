import type { Logger } from 'pino';
import { requiring, type Viewer } from '../../../auth/viewer.ts';
import type { AccountRegion } from '../../../aws/account-region.ts';
import type { ParallelReads } from '../../../aws/parallel-reads.ts';
import { OverloadedError } from '../../../errors/errors.ts';
import { throwIfInvalid } from '../../../errors/input-issues.ts';
import { lazyFor } from '../../../maybe-promise.ts';
import type { Config } from '../../../settings/config.ts';
import type { Clock } from '../../../time/clock.ts';
import { createHome } from '../../everywhere/home.ts';
import { identifyNamed } from '../../everywhere/identify-named.ts';
import { narrow } from '../../everywhere/narrow.ts';
import type { AllKnowledge } from '../../knowledge.ts';
import { createReadAll } from '../../read-all.ts';
import { type ClientCertificate, createExpiry } from '../client-certificate.ts';
import { createFoldedDescriptions } from '../descriptions.ts';
import { type ClientCertificateFilter, filterIssues, matcher } from '../list.ts';
import { createListener, type Listener, type News } from './listener.ts';
import { createWatch } from './watch.ts';

/** The changes of client certificates, for one subscription. Both require the scope `client-certificates:read`. */
export type ClientCertificateChanges = {
  /** Begins to listen, until the client leaves. Throws or rejects if the filter is wrong, or too many listen already. */
  listen(filter: ClientCertificateFilter | null | undefined): Promise<Listener>;
  /** The news, for a viewer who may still see them. */
  show(news: News): News;
};

export type ChangesOptions = {
  config: Config;
  all: readonly AccountRegion[];
  knowledge: AllKnowledge;
  inBackground: ParallelReads;
  log: Logger;
  /** Ends all listeners, and takes no others. */
  signal: AbortSignal;
  clock: Pick<Clock, 'now' | 'elapsedMs' | 'later'>;
};

/** Who listens. */
export type Subscriber = {
  viewer: Viewer;
  /** Identifies the client, of which none may have more than half of the listeners. */
  client: string;
  gone: () => AbortSignal;
  inTurn: () => Promise<void>;
};

/** All listeners of the process, and what they have in common: AWS is read once for all of them. */
export type Changes = {
  for(subscriber: Subscriber): ClientCertificateChanges;
  /** How many listen. */
  count(): number;
};

export function createChanges(options: ChangesOptions): Changes {
  const { config, all, knowledge, inBackground, log, signal, clock } = options;
  const listeners = new Map<Listener, string>();
  const max = config.MAX_SUBSCRIPTIONS;
  const read = createReadAll({ config, knowledge, inParallel: inBackground, signal, clock });
  const homeOf = createHome(all);
  const foldedDescriptionOf = createFoldedDescriptions();
  const usageOf = (certificate: ClientCertificate) =>
    knowledge.of(homeOf(certificate)).stageIndex.snapshot().usageOf(certificate.clientCertificateId);
  const watchOf = lazyFor((accountRegion: AccountRegion) =>
    createWatch({
      accountRegion,
      read,
      onWrite: knowledge.of(accountRegion).onWrite,
      everyMs: config.SUBSCRIPTION_REFRESH_MS,
      log,
      later: clock.later,
    }),
  );
  signal.addEventListener('abort', () => {
    for (const listener of listeners.keys()) listener.close();
  });

  function throwIfTooMany(client: string): void {
    const own = listeners.values().reduce((count, other) => count + Number(other === client), 0);
    if (listeners.size >= max || own >= Math.ceil(max / 2)) throw new OverloadedError(TOO_MANY);
  }

  async function listen(
    { client, gone, inTurn }: Subscriber,
    filter: ClientCertificateFilter | null | undefined,
  ): Promise<Listener> {
    const inParallel = <R>(ask: () => Promise<R>): Promise<R> => inBackground('', ask);
    const { chosen, conditions } = await identifyNamed({ all, ask: askAlone, inParallel }, filter, () => {
      const narrowed = narrow(all, filter);
      throwIfInvalid([...narrowed.issues, ...filterIssues(narrowed.conditions)]);
      return narrowed;
    });
    throwIfTooMany(client);
    const listener = createListener({
      watches: chosen.map(watchOf),
      matches: () => {
        const expiry = createExpiry(clock.now(), config.EXPIRING_WITHIN_DAYS);
        return matcher(conditions ?? {}, { expiry, foldedDescriptionOf, usageOf });
      },
      inTurn,
      clock,
      onClose: () => listeners.delete(listener),
    });
    listeners.set(listener, client);
    gone().addEventListener('abort', listener.close);
    if (signal.aborted || gone().aborted) listener.close();
    return listener;
  }

  return {
    for: (subscriber) => {
      const reading = requiring(subscriber.viewer, 'client-certificates:read');
      return {
        listen: reading(async (filter) => listen(subscriber, filter)),
        show: reading((news) => news),
      };
    },
    count: () => listeners.size,
  };
}

const askAlone = async <R>(_: AccountRegion, read: () => R | Promise<R>): Promise<R> => read();

const TOO_MANY = 'too many listen already.';
