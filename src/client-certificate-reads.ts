import {
  type ClientCertificate as AwsClientCertificate,
  GetClientCertificateCommand,
  GetClientCertificatesCommand,
} from '@aws-sdk/client-api-gateway';
import DataLoader from 'dataloader';
import type { AwsCalls } from './aws-calls.ts';
import { type ClientCertificate, toClientCertificate } from './client-certificate.ts';
import { clientCertificateList, type Item } from './client-certificate-list.ts';
import { CertwayError, NotFoundError, UpstreamError } from './errors.ts';
import {
  allPages,
  type Page,
  type Placed,
  type Slice,
  sliceOfAll,
  sliceOfPages,
  type Window,
} from './paging.ts';
import { parseInTurns, type X509Certificate } from './x509.ts';

export type ReadsOptions = {
  aws: AwsCalls;
  region: string;
  /** More pages of AWS are never read for one operation's filters, orders, counts and lookups. */
  maxCollectionPages: number;
};

/** What one operation reads of AWS, each thing once. */
export type Reads = {
  /** Null where there is none. */
  load(clientCertificateId: string): Promise<ClientCertificate | null>;
  /** A slice of AWS's own list, forward; one call a page, or none where the operation reads all of it anyway. */
  slice(window: Window): Promise<Slice<Item>>;
  /** All there are, in AWS's order. */
  all(): Promise<Placed<Item>[]>;
  /** What the PEM says. */
  x509Of(certificate: ClientCertificate): Promise<X509Certificate>;
  /** Takes what AWS answered to a write for the newest state; answers with the id. */
  renew(item: AwsClientCertificate): string;
  /** Has it read again; answers with the id. */
  forget(clientCertificateId: string): string;
};

export function createReads({ aws, region, maxCollectionPages }: ReadsOptions): Reads {
  const seen = new Map<string, ClientCertificate>();
  /** An item of a list that is no certificate: whatever is not found may be this one. */
  let broken: CertwayError | undefined;
  let collection: Promise<Placed<Item>[]> | undefined;
  const listsInFlight = new Set<Promise<unknown>>();
  const loader = new DataLoader<string, ClientCertificate | null>(loadBatch);
  const x509s = new DataLoader<ClientCertificate, X509Certificate>((certificates) =>
    parseInTurns(certificates.map(({ pemEncodedCertificate }) => pemEncodedCertificate)),
  );

  const pages = () => allPages(clientCertificateList, readPage, maxCollectionPages);

  /** Several pending ids are one list, since AWS has no batch get; a list that is on its way may have them all. */
  async function loadBatch(ids: readonly string[]): Promise<(Item | null)[]> {
    await Promise.allSettled(listsInFlight);
    const missing = ids.filter((id) => !seen.has(id));
    const isComplete = await collection?.then(Boolean, () => false);
    const [single, ...others] = isComplete ? [] : missing;
    if (single !== undefined && others.length === 0) {
      const read = await readOne(single);
      return ids.map((id) => seen.get(id) ?? read);
    }
    if (single !== undefined) for await (const _ of pages()) if (missing.every((id) => seen.has(id))) break;
    return ids.map((id) => seen.get(id) ?? broken ?? null);
  }

  function inFlight<T>(list: Promise<T>): Promise<T> {
    listsInFlight.add(list);
    return list.finally(() => listsInFlight.delete(list));
  }

  async function readOne(clientCertificateId: string): Promise<Item | null> {
    const command = new GetClientCertificateCommand({ clientCertificateId });
    return aws.read(command).then(remember, (error) => (error instanceof NotFoundError ? null : error));
  }

  async function readPage(limit: number, position: string | undefined): Promise<Page<Item>> {
    const page = await aws.read(new GetClientCertificatesCommand({ limit, position }));
    const { items = [] } = page;
    if (!Array.isArray(items))
      throw new UpstreamError('UPSTREAM_UNAVAILABLE', 'AWS sent a list that is none.');
    return { items: items.map(remember), position: page.position || undefined };
  }

  function remember(item: AwsClientCertificate): Item {
    const certificate = toClientCertificate(item, region);
    if (certificate instanceof CertwayError) broken ??= certificate;
    else seen.set(certificate.clientCertificateId, certificate);
    return certificate;
  }

  function forget(clientCertificateId: string): string {
    seen.delete(clientCertificateId);
    collection = undefined;
    loader.clear(clientCertificateId);
    return clientCertificateId;
  }

  return {
    load: (clientCertificateId) => loader.load(clientCertificateId),
    x509Of: (certificate) => x509s.load(certificate),
    slice: (window) =>
      inFlight(
        endOfTurn().then(async () =>
          collection
            ? sliceOfAll(clientCertificateList, await collection, window)
            : sliceOfPages(clientCertificateList, window, readPage),
        ),
      ),
    all: () => {
      collection ??= inFlight(Array.fromAsync(pages()).then((read) => read.flat()));
      return collection;
    },
    forget,
    renew: (item) => {
      const certificate = toClientCertificate(item, region);
      if (certificate instanceof CertwayError) throw certificate;
      forget(certificate.clientCertificateId);
      seen.set(certificate.clientCertificateId, certificate);
      return certificate.clientCertificateId;
    },
  };
}

/** When all fields that are resolved in this turn of the event loop have said what they need. */
const endOfTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
