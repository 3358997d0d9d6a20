import { requireScope, type Viewer } from '../../auth/viewer.ts';
import type { AwsCalls } from '../../aws/calls.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import type { PageArguments } from '../../relay/window.ts';
import type { SharedReads } from '../../shared-reads/shared-reads.ts';
import type { ClientCertificate, Expiry } from './client-certificate.ts';
import { type Connection, createConnection } from './connection.ts';
import type { FoldedDescriptions } from './descriptions.ts';
import { expectedRegion } from './id.ts';
import type { Item, ListArguments } from './list.ts';
import { createLookups, type Lookups } from './lookups.ts';
import { createReads } from './reads.ts';
import { createWrites, type Writes } from './writes.ts';
import type { X509Certificate } from './x509.ts';

export type ClientCertificatesOptions = {
  cache: SharedReads<Item>;
  aws: AwsCalls;
  region: string;
  viewer: Viewer;
  expiry: Expiry;
  /** Resolves when the operation may go on after it has waited. */
  inTurn: () => Promise<void>;
  /** The same; rejects with an `OverloadedError` where nobody waits any more, or the time for the operation is over. */
  inTurnAndTime: () => Promise<void>;
  x509Of: ClientCertificates['x509Of'];
  foldedDescriptionOf: FoldedDescriptions;
};

/**
 * The client certificates, as one GraphQL operation reads and changes them. An `id` may be the global id, the ARN or
 * AWS's own id; all input is checked before AWS is called. What is known is answered at once. This is the one door to
 * the certificates: each read takes the scope `client-certificates:read`, each write `client-certificates:write`, and
 * without it they throw a `ForbiddenError` before anything else.
 */
export type ClientCertificates = Lookups &
  Writes & {
    /** What to tell someone whose global id is of another region; undefined where it is not. */
    expectedRegion(id: string): string | undefined;
    /** Throws at once where the arguments are wrong. */
    list(args: PageArguments & ListArguments): Connection;
    /** What the PEM says, parsed once for all operations. */
    x509Of(certificate: ClientCertificate): MaybePromise<X509Certificate>;
  };

export function createClientCertificates(options: ClientCertificatesOptions): ClientCertificates {
  const { cache, aws, region, viewer, expiry, inTurn, inTurnAndTime, x509Of, foldedDescriptionOf } = options;
  const reads = createReads({ cache, calls: aws, region, inTurn });
  const lookups = createLookups(reads, region);
  const forget = () => {
    cache.forget();
    reads.forget();
  };
  const writes = createWrites({ aws, region, reads, forget });
  const listing = { reads, expiry, inTurnAndTime, foldedDescriptionOf };

  /** Checks the scope before anything else. */
  const reading =
    <Args extends unknown[], R>(read: (...args: Args) => R) =>
    (...args: Args): R => {
      requireScope(viewer, 'client-certificates:read');
      return read(...args);
    };
  const writing =
    <Input>(write: (input: Input) => Promise<string>) =>
    async (input: Input): Promise<string> => {
      requireScope(viewer, 'client-certificates:write');
      return write(input);
    };

  return {
    find: reading(lookups.find),
    get: reading(lookups.get),
    edge: reading(lookups.edge),
    all: reading(lookups.all),
    list: reading((args) => createConnection(listing, args)),
    generate: writing(writes.generate),
    update: writing(writes.update),
    delete: writing(writes.delete),
    tag: writing(writes.tag),
    untag: writing(writes.untag),
    expectedRegion: (id) => expectedRegion(region, id),
    x509Of,
  };
}
