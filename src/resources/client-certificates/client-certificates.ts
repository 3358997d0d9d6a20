import { requiring, requiringAsync } from '../../auth/viewer.ts';
import type { AccountRegion } from '../../aws/account-region.ts';
import { lazy, type MaybePromise, mapMaybePromise } from '../../maybe-promise.ts';
import type { PageArguments } from '../../relay/window.ts';
import type { SharedReads } from '../../shared-reads/interface.ts';
import type { Snapshot } from '../../shared-reads/snapshot.ts';
import type { Operation } from '../operation.ts';
import type { ClientCertificate } from './client-certificate.ts';
import { type Connection, createConnection } from './connection.ts';
import { createFoldedDescriptions } from './descriptions.ts';
import { createGenerateOnce, type GenerateOnceOptions } from './generate-once.ts';
import { expectedRegion } from './id.ts';
import type { ClientCertificateFilter, Item, ListArguments, MatcherOptions } from './list.ts';
import { createLookups, type Lookups, type WholeLookups } from './lookups.ts';
import { createReads, type Reads } from './reads.ts';
import { createSuccessors } from './replacements.ts';
import { clientCertificateSource } from './source.ts';
import { parseBundleFilter, readTrustBundle, type TrustBundle } from './trust-bundle.ts';
import { createWrites, type Writes } from './writes.ts';
import { createX509Reader, type X509Certificate } from './x509.ts';

export type ClientCertificatesOptions = {
  cache: SharedReads<Item>;
  accountRegion: AccountRegion;
  clock: GenerateOnceOptions['clock'];
  generateInTurn?: GenerateOnceOptions['inTurn'];
};

/**
 * The client certificates for one GraphQL operation, and the only way to them, wherever they are. A read requires the scope
 * `client-certificates:read`, a write `client-certificates:write`; without it they throw a `ForbiddenError` before anything
 * else. An `id` may be the global id, the ARN or AWS's own id. All input is checked before AWS is called. Known answers are
 * returned synchronously.
 */
export type ClientCertificates = Lookups &
  Writes & {
    /** The complaint about a global id of another region; undefined for any other id. */
    expectedRegion(id: string): string | undefined;
    /** Throws synchronously if the arguments are wrong. */
    list(args: PageArguments & ListArguments): MaybePromise<Connection>;
    /** What a backend has to trust. Rejects if that cannot be known completely. */
    trustBundle(filter: ClientCertificateFilter | null | undefined): Promise<TrustBundle>;
    /** The content of the PEM, which is parsed once for all operations. */
    x509Of(certificate: ClientCertificate): MaybePromise<X509Certificate>;
  };

/** The same for one account and region, for which an `id` of another one is malformed. */
export type ClientCertificatesIn = ClientCertificates &
  WholeLookups & {
    /** All of them, as AWS listed them. It requires no scope, because what is asked of several is checked before. */
    snapshot(): MaybePromise<Snapshot<Item>>;
    /** A forward page of AWS's own list, unless there is a reason not to ask AWS. It requires no scope either. */
    slice: Reads['slice'];
  };

/** Called once per account and region, because operations share what was parsed. Returns the factory for an operation. */
export function createClientCertificates({
  cache,
  accountRegion,
  clock,
  generateInTurn,
}: ClientCertificatesOptions): (
  operation: Operation & Pick<MatcherOptions, 'expiry' | 'usageOf'>,
) => ClientCertificatesIn {
  const { region } = accountRegion;
  const x509Of = createX509Reader();
  const foldedDescriptionOf = createFoldedDescriptions();
  const successorsIn = createSuccessors();
  const generateOnce = createGenerateOnce({
    source: clientCertificateSource(accountRegion),
    clock,
    inTurn: generateInTurn,
  });
  return ({ aws, viewer, expiry, usageOf, inTurn, inTurnAndTime }) => {
    const reads = createReads({ cache, calls: aws, accountRegion, inTurn });
    const lookups = createLookups(reads, accountRegion, successorsIn);
    const forget = () => {
      reads.forget();
      return cache.forget(aws.use.patience?.wait);
    };
    const writes = lazy(() =>
      createWrites({ aws, accountRegion, caller: viewer.name, generateOnce, reads, forget }),
    );
    const listing = { accountRegion, reads, expiry, usageOf, inTurnAndTime, foldedDescriptionOf };

    const reading = requiring(viewer, 'client-certificates:read');
    const writing = requiringAsync(viewer, 'client-certificates:write');
    const x509InTurn = (certificate: ClientCertificate) => x509Of(certificate, inTurn);

    return {
      find: reading(lookups.find),
      get: reading(lookups.get),
      edge: reading(lookups.edge),
      finder: reading(lookups.finder),
      replaces: reading(lookups.replaces),
      replacedBy: reading(lookups.replacedBy),
      snapshot: reads.all,
      slice: reads.slice,
      list: reading((args) => createConnection(listing, args)),
      trustBundle: reading(async (filter) => {
        const { conditions } = parseBundleFilter([accountRegion], filter);
        const all = () => mapMaybePromise(reads.all(), ({ items }) => items);
        return readTrustBundle({ ...listing, all, x509Of: x509InTurn }, conditions);
      }),
      generate: (input) => writing(writes().generate)(input),
      update: (input) => writing(writes().update)(input),
      delete: (id) => writing(writes().delete)(id),
      tag: (input) => writing(writes().tag)(input),
      untag: (input) => writing(writes().untag)(input),
      expectedRegion: (id) => expectedRegion(region, id),
      x509Of: x509InTurn,
    };
  };
}
