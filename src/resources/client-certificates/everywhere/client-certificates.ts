import { requiring, requiringAsync } from '../../../auth/viewer.ts';
import type { AccountRegion } from '../../../aws/account-region.ts';
import type { Merge } from '../../../relay/merge.ts';
import { throwIfElsewhere } from '../../everywhere/elsewhere.ts';
import { hasAny, incomplete } from '../../everywhere/failures.ts';
import type { Home } from '../../everywhere/home.ts';
import { identifyNamed } from '../../everywhere/identify-named.ts';
import type { OperationEverywhere } from '../../everywhere/operation.ts';
import type { ClientCertificate } from '../client-certificate.ts';
import type { ClientCertificates, ClientCertificatesIn } from '../client-certificates.ts';
import type { FoldedDescriptions } from '../descriptions.ts';
import type { Item } from '../list.ts';
import { noSuchClientCertificate } from '../not-found.ts';
import { parseBundleFilter, readTrustBundle } from '../trust-bundle.ts';
import { createConnection } from './connection.ts';
import { type Locate, parseCertificateAddress } from './locate.ts';
import type { Snapshots } from './snapshots.ts';
import { createWrites } from './writes.ts';

export type ClientCertificatesEverywhereOptions = {
  operation: OperationEverywhere;
  homeOf: Home;
  snapshots: Snapshots;
  locate: Locate;
  merge: Merge<Item>;
  foldedDescriptionOf: FoldedDescriptions;
};

/** The client certificates of all accounts and regions. Each is asked and changed through the door of its own. */
export function createClientCertificatesEverywhere({
  operation,
  homeOf,
  snapshots,
  locate,
  merge,
  foldedDescriptionOf,
}: ClientCertificatesEverywhereOptions): ClientCertificates {
  const { all, doorsIn, stagesIn, viewer, expiry, inTurnAndTime } = operation;
  const writes = createWrites(operation, locate, snapshots.forget);
  const doorOf = (certificate: ClientCertificate): ClientCertificatesIn =>
    doorsIn(homeOf(certificate)).clientCertificates;

  const matching = {
    expiry,
    foldedDescriptionOf,
    usageOf: (certificate: ClientCertificate) =>
      stagesIn(homeOf(certificate)).usageOf(certificate.clientCertificateId),
  };

  async function find(id: string, path: string[]): Promise<ClientCertificate | null> {
    const { certificate, issues } = await locate.find(id, path);
    throwIfElsewhere(issues, parseCertificateAddress(id) !== undefined);
    return certificate;
  }

  async function get(id: string): Promise<ClientCertificate> {
    const certificate = await find(id, []);
    if (!certificate) throw noSuchClientCertificate();
    return certificate;
  }

  async function readAll(chosen: readonly AccountRegion[]) {
    const { reads, failures } = await snapshots.read(chosen);
    if (hasAny(failures)) throw incomplete(failures);
    return reads.flatMap(({ snapshot }) => snapshot.items);
  }

  const reading = requiring(viewer, 'client-certificates:read');
  const writing = requiringAsync(viewer, 'client-certificates:write');
  return {
    find: reading(find),
    get: reading(get),
    edge: reading(async (id) => {
      const certificate = await get(id);
      return doorOf(certificate).edge(certificate.clientCertificateId);
    }),
    replaces: reading((certificate) => doorOf(certificate).replaces(certificate)),
    replacedBy: reading((certificate) => doorOf(certificate).replacedBy(certificate)),
    list: reading((args) =>
      identifyNamed(operation, args.filter, () =>
        createConnection({ operation, snapshots, merge, matching }, args),
      ),
    ),
    trustBundle: reading(async (filter) => {
      const { chosen, conditions } = await identifyNamed(operation, filter, () =>
        parseBundleFilter(all, filter),
      );
      const bundle = {
        ...matching,
        inTurnAndTime,
        all: () => readAll(chosen),
        x509Of: (certificate: ClientCertificate) => doorOf(certificate).x509Of(certificate),
      };
      return readTrustBundle(bundle, conditions);
    }),
    x509Of: (certificate) => doorOf(certificate).x509Of(certificate),
    generate: writing(writes.generate),
    update: writing(writes.update),
    delete: writing(writes.delete),
    tag: writing(writes.tag),
    untag: writing(writes.untag),
    expectedRegion: () => undefined,
  };
}
