import type { ClientCertificate as AwsClientCertificate } from '@aws-sdk/client-api-gateway';
import DataLoader from 'dataloader';
import type { AccountRegion } from '../../aws/account-region.ts';
import type { AwsCalls } from '../../aws/calls.ts';
import type { CertwayError } from '../../errors/errors.ts';
import { lazy, type MaybePromise, mapMaybePromise } from '../../maybe-promise.ts';
import { sliceOfPages } from '../../relay/pages.ts';
import { isLost, type Slice, sliceOfAll } from '../../relay/slices.ts';
import type { Window } from '../../relay/window.ts';
import type { SharedReads } from '../../shared-reads/interface.ts';
import type { Question } from '../../shared-reads/question.ts';
import { isSnapshot, type Snapshot } from '../../shared-reads/snapshot.ts';
import { type ClientCertificate, toClientCertificate } from './client-certificate.ts';
import { clientCertificateListIn, type Item, wholeOf } from './list.ts';

export type ReadsOptions = {
  cache: SharedReads<Item>;
  calls: AwsCalls;
  accountRegion: AccountRegion;
  /** Resolves when the operation may continue: one answer may serve many operations, which take turns. */
  inTurn: () => Promise<void>;
};

/** The reads of one operation, each made once: synchronous if the answer is known, by a promise if AWS has to be asked. */
export type Reads = {
  /** Null if there is none. */
  load(clientCertificateId: string): MaybePromise<ClientCertificate | null>;
  /**
   * A forward slice of AWS's own list: one call per page, or none if the whole list is known or read anyway. Where AWS would have to
   * be asked, it rejects with the reason not to, if there is one.
   */
  slice(window: Window, reasonNotToAsk?: () => CertwayError | undefined): MaybePromise<Slice<Item>>;
  all(): MaybePromise<Snapshot<Item>>;
  /** Takes AWS's answer to a write as the newest state, and returns its global id. */
  renew(item: AwsClientCertificate): string;
  /** The same with a certificate that was just read or written. */
  keep(certificate: ClientCertificate): string;
  /** Forgets everything that was read. */
  forget(): void;
};

export function createReads({ cache, calls, accountRegion, inTurn }: ReadsOptions): Reads {
  const list = clientCertificateListIn(accountRegion);
  let all: MaybePromise<Snapshot<Item>> | undefined;
  const items = new Map<string, MaybePromise<Item | null>>();
  /** Lookups that wait for AWS continue together, in one turn, because there may be thousands. */
  const loader = lazy(
    () =>
      new DataLoader<string, Item | null>((ids) =>
        Promise.all(
          ids.map(async (id) => item(id)).map((answer) => answer.catch((error: Error) => error)),
        ).finally(inTurn),
      ),
  );

  function page(question: Question<'page'>, reasonNotToAsk?: () => CertwayError | undefined) {
    const known = cache.recall(question, calls);
    if (known !== undefined) return known;
    const reason = reasonNotToAsk?.();
    return reason ? Promise.reject(reason) : afterTurn(cache.read(question, calls));
  }

  const afterTurn = <R>(answer: MaybePromise<R>): MaybePromise<R> =>
    answer instanceof Promise ? answer.finally(inTurn) : answer;

  function item(id: string): MaybePromise<Item | null> {
    const known = items.get(id);
    if (known !== undefined) return known;
    const answer = cache.read({ kind: 'one', id }, calls);
    items.set(id, answer);
    return answer;
  }

  async function loadWhole(id: string): Promise<ClientCertificate | null> {
    return wholeOf(await loader().load(id));
  }

  function forget(): void {
    all = undefined;
    items.clear();
    loader().clearAll();
  }

  /** Slices that are asked for later are then made of it. */
  function keepOnceRead(reading: MaybePromise<Snapshot<Item>>): MaybePromise<Snapshot<Item>> {
    if (reading instanceof Promise)
      reading.then(
        (snapshot) => {
          if (all === reading) all = snapshot;
        },
        () => undefined,
      );
    return reading;
  }

  function keep(certificate: ClientCertificate): string {
    forget();
    items.set(certificate.clientCertificateId, certificate);
    return certificate.id;
  }

  return {
    forget,
    load: (id) => {
      const answer = item(id);
      return answer instanceof Promise ? loadWhole(id) : wholeOf(answer);
    },
    slice: (window, reasonNotToAsk) => {
      const known = all instanceof Promise ? undefined : all;
      if (known && !isLost(list, known.items, window)) return sliceOfAll(list, known.items, window);
      return sliceOfPages(list, window, (limit, position, onlyAws) =>
        mapMaybePromise(page({ kind: 'page', limit, position, onlyAws }, reasonNotToAsk), (answer) =>
          isSnapshot(answer) ? answer.items : answer,
        ),
      );
    },
    all: () => {
      all ??= keepOnceRead(afterTurn(cache.read({ kind: 'all' }, calls)));
      return all;
    },
    keep,
    renew: (item) => {
      const certificate = toClientCertificate(item, accountRegion);
      forget();
      return keep(wholeOf(certificate));
    },
  };
}
