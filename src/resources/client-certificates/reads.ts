import type { ClientCertificate as AwsClientCertificate } from '@aws-sdk/client-api-gateway';
import DataLoader from 'dataloader';
import type { AwsCalls } from '../../aws/calls.ts';
import { CertwayError } from '../../errors.ts';
import { type MaybePromise, mapMaybePromise } from '../../maybe-promise.ts';
import { sliceOfPages } from '../../relay/pages.ts';
import { isLost, type Slice, sliceOfAll } from '../../relay/slices.ts';
import type { Window } from '../../relay/window.ts';
import type { UpstreamCache } from '../../shared-reads/shared-reads.ts';
import { isSnapshot, type Snapshot } from '../../shared-reads/snapshot.ts';
import { type ClientCertificate, toClientCertificate } from './client-certificate.ts';
import { clientCertificateList, type Item } from './list.ts';

export type ReadsOptions = {
  cache: UpstreamCache<Item>;
  calls: AwsCalls;
  region: string;
  /** One answer may be for many operations: they go on one after the other. */
  inTurn: () => Promise<void>;
};

/** What one operation reads, each thing once: at once where it is known, by a promise where AWS has to be asked. */
export type Reads = {
  /** Null where there is none. */
  load(clientCertificateId: string): MaybePromise<ClientCertificate | null>;
  /** A slice of AWS's own list, forward; one call a page, or none where all of it is known or read anyway. */
  slice(window: Window): MaybePromise<Slice<Item>>;
  all(): MaybePromise<Snapshot<Item>>;
  /** Takes what AWS answered to a write for the newest state; answers with the id. */
  renew(item: AwsClientCertificate): string;
  /** Has everything read again. */
  forget(): void;
};

export function createReads({ cache, calls, region, inTurn }: ReadsOptions): Reads {
  let all: MaybePromise<Snapshot<Item>> | undefined;
  const loader = new DataLoader<string, Item | null>((ids) =>
    Promise.all(
      ids.map((id) => cache.ask({ kind: 'one', id }, calls).catch((error: Error) => error)),
    ).finally(inTurn),
  );

  async function loadWhole(clientCertificateId: string): Promise<ClientCertificate | null> {
    return wholeOf(await loader.load(clientCertificateId));
  }

  function forget(): void {
    all = undefined;
    loader.clearAll();
  }

  return {
    forget,
    load: (id) => {
      const known = cache.peek({ kind: 'one', id }, calls);
      return known === undefined ? loadWhole(id) : wholeOf(known);
    },
    slice: (window) => {
      const known = all instanceof Promise ? undefined : (all ?? cache.peek({ kind: 'all' }, calls));
      if (known && !isLost(clientCertificateList, known.items, window))
        return sliceOfAll(clientCertificateList, known.items, window);
      return sliceOfPages(clientCertificateList, window, (limit, position, onlyAws) => {
        const page = { kind: 'page' as const, limit, position, onlyAws };
        return mapMaybePromise(cache.peek(page, calls) ?? cache.ask(page, calls).finally(inTurn), (answer) =>
          isSnapshot(answer) ? answer.items : answer,
        );
      });
    },
    all: () => {
      all ??= cache.peek({ kind: 'all' }, calls) ?? cache.ask({ kind: 'all' }, calls).finally(inTurn);
      return all;
    },
    renew: (item) => {
      const certificate = toClientCertificate(item, region);
      forget();
      if (certificate instanceof CertwayError) throw certificate;
      const { clientCertificateId } = certificate;
      loader.prime(clientCertificateId, certificate);
      return clientCertificateId;
    },
  };
}

function wholeOf(item: Item | null): ClientCertificate | null {
  if (item instanceof CertwayError) throw item;
  return item;
}
