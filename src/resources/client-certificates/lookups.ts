import type { AccountRegion } from '../../aws/account-region.ts';
import { throwIfInvalid } from '../../errors/input-issues.ts';
import { type MaybePromise, mapMaybePromise } from '../../maybe-promise.ts';
import type { Edge } from '../../relay/list.ts';
import { edgeForNew } from '../../relay/slices.ts';
import type { ClientCertificate } from './client-certificate.ts';
import { parseIdArgument } from './id.ts';
import { clientCertificateListIn, type Item } from './list.ts';
import { noSuchClientCertificate } from './not-found.ts';
import type { Reads } from './reads.ts';
import { replacedIdOf, type Successors } from './replacements.ts';

/** Reads certificates by their ids. */
export type Lookups = {
  /** Null if there is none. `path` names the argument in the complaint about a malformed id. */
  find(id: string, path: string[]): MaybePromise<ClientCertificate | null>;
  /** The same. Rejects with a `NotFoundError`. */
  get(id: string): MaybePromise<ClientCertificate>;
  /** As `get`, as an edge of AWS's own list. */
  edge(id: string): MaybePromise<Edge<Item>>;
  /** The certificate that this one was generated to replace; null if there is none. */
  replaces(certificate: ClientCertificate): MaybePromise<ClientCertificate | null>;
  /** The certificate that was generated to replace this one; null if there is none. Reads all certificates. */
  replacedBy(certificate: ClientCertificate): MaybePromise<ClientCertificate | null>;
};

/** Reads all certificates of an account and region. */
export type WholeLookups = {
  /** Finds any by AWS's id, after all were read: null if there is none, an error if a broken one may be it. */
  finder(): MaybePromise<(clientCertificateId: string) => Item | null>;
};

export function createLookups(
  reads: Reads,
  accountRegion: AccountRegion,
  successorsIn: Successors,
): Lookups & WholeLookups {
  const { region } = accountRegion;
  const list = clientCertificateListIn(accountRegion);

  function find(id: string, path: string[]): MaybePromise<ClientCertificate | null> {
    const { clientCertificateId, issues } = parseIdArgument(region, id, path);
    throwIfInvalid(issues);
    return reads.load(clientCertificateId);
  }

  const get = (id: string): MaybePromise<ClientCertificate> =>
    mapMaybePromise(find(id, []), (certificate) => {
      if (!certificate) throw noSuchClientCertificate();
      return certificate;
    });

  return {
    find,
    get,
    edge: (id) => mapMaybePromise(get(id), (certificate) => edgeForNew(list, certificate)),
    finder: () => mapMaybePromise(reads.all(), ({ find }) => find),
    replaces: (certificate) => {
      const id = replacedIdOf(certificate);
      return id === undefined ? null : reads.load(id);
    },
    replacedBy: ({ clientCertificateId }) =>
      mapMaybePromise(reads.all(), (all) => successorsIn(all).get(clientCertificateId) ?? null),
  };
}
