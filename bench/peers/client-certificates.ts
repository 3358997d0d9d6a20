import {
  APIGatewayClient,
  type ClientCertificate as AwsClientCertificate,
  GenerateClientCertificateCommand,
  GetClientCertificateCommand,
  GetClientCertificatesCommand,
  NotFoundException,
} from '@aws-sdk/client-api-gateway';
import DataLoader from 'dataloader';

/** What all peers share: AWS calls in the simplest form, with or without a cache of reads. */
export type ClientCertificate = {
  clientCertificateId: string;
  arn: string;
  description: string | null;
  createdDate: Date;
  expirationDate: Date;
  pemEncodedCertificate: string;
  tags: { key: string; value: string }[];
};

export type Context = { loader: DataLoader<string, ClientCertificate | null> };

export type PageArguments = { first?: number | null | undefined; after?: string | null | undefined };

const DAY_MS = 24 * 60 * 60 * 1000;

/** 0: no cache at all. */
const CACHE_MS = Number(process.env['CACHE_MS'] ?? 0);

/** Retries are the SDK's own; its variable AWS_RETRY_MODE changes them. */
const client = new APIGatewayClient();

const reads = new Map<string, Promise<unknown>>();

/** Joins the same read if it is in flight, and reuses its answer for `CACHE_MS` from its start. */
function cached<T>(key: string, read: () => Promise<T>): Promise<T> {
  if (CACHE_MS === 0) return read();
  const known = reads.get(key);
  if (known) return known as Promise<T>;
  const started = read();
  const drop = () => reads.get(key) === started && reads.delete(key);
  reads.set(key, started);
  started.catch(drop);
  setTimeout(drop, CACHE_MS);
  return started;
}

const readPage = (limit: number, position: string | undefined) =>
  cached(`${limit} ${position}`, async () => {
    const page = await client.send(new GetClientCertificatesCommand({ limit, position }));
    return { items: (page.items ?? []).map(fromAws), position: page.position };
  });

const readOne = (clientCertificateId: string) =>
  cached(clientCertificateId, async () => {
    try {
      return fromAws(await client.send(new GetClientCertificateCommand({ clientCertificateId })));
    } catch (error) {
      if (error instanceof NotFoundException) return null;
      throw error;
    }
  });

/** The context of one request. AWS cannot read several ids at once, so the loader makes one call per id. */
export const createContext = (): Context => ({
  loader: new DataLoader((ids) =>
    Promise.all(ids.map((id) => readOne(id).catch((error: unknown) => toError(error)))),
  ),
});

/** A page as a Relay connection. A cursor is AWS's position and how many items of its page come before. */
export async function list({ first, after }: PageArguments) {
  const [position, skip] = after ? decodeCursor(after) : [undefined, 0];
  const page = await readPage(skip + (first ?? 25), position);
  const edges = page.items.slice(skip).map((node, index) => ({
    cursor: encodeCursor(position, skip + index + 1),
    node,
  }));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.position !== undefined,
      hasPreviousPage: Boolean(after),
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

export async function generate(description: string | null | undefined): Promise<ClientCertificate> {
  const created = await client.send(
    new GenerateClientCertificateCommand({ ...(description && { description }) }),
  );
  reads.clear();
  return fromAws(created);
}

export const globalIdOf = ({ arn }: { arn: string }): string =>
  Buffer.from(`ClientCertificate:${arn}`).toString('base64');

export const daysUntilExpiration = ({ expirationDate }: ClientCertificate): number =>
  Math.floor((expirationDate.getTime() - Date.now()) / DAY_MS);

export function statusOf({ expirationDate }: ClientCertificate): 'VALID' | 'EXPIRING' | 'EXPIRED' {
  const leftMs = expirationDate.getTime() - Date.now();
  if (leftMs < 0) return 'EXPIRED';
  return leftMs <= 30 * DAY_MS ? 'EXPIRING' : 'VALID';
}

function fromAws(item: AwsClientCertificate): ClientCertificate {
  const { clientCertificateId, createdDate, expirationDate, pemEncodedCertificate } = item;
  if (!clientCertificateId || !createdDate || !expirationDate || !pemEncodedCertificate)
    throw new Error('AWS sent a certificate that is not complete');
  return {
    clientCertificateId,
    arn: `arn:aws:apigateway:${process.env['AWS_REGION']}::/clientcertificates/${clientCertificateId}`,
    description: item.description ?? null,
    createdDate,
    expirationDate,
    pemEncodedCertificate,
    tags: Object.entries(item.tags ?? {})
      .map(([key, value]) => ({ key, value }))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

const toError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

const encodeCursor = (position: string | undefined, skip: number): string =>
  Buffer.from(JSON.stringify([position ?? null, skip])).toString('base64url');

function decodeCursor(cursor: string): [position: string | undefined, skip: number] {
  const [position, skip] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  return [position ?? undefined, skip];
}
