import { load } from './load.ts';
import { residentMib, SERVER_CORE, start } from './processes.ts';
import { bodiesOf, bodyOf } from './queries.ts';
import { ours } from './servers.ts';
import { startStub } from './stub-process.ts';

/** Requests per second of one kind: before, during and after a flood. */
export type Flooded = { kind: string; before: number; during: number; after: number };

export type Flood = {
  kinds: Flooded[];
  /** How many random documents were answered during the flood. */
  documents: number;
  beforeMib: number;
  afterMib: number;
};

/** Connections that send ordinary queries, and as many again that flood. */
export const CONNECTIONS = 25;

const WARM_UP_SECONDS = 4;

/** A valid query. Its numbers make every document a new one. */
const RANDOM = bodyOf(
  'query QNUMBER($aNUMBER: ID!) { bNUMBER: clientCertificate(id: $aNUMBER) ' +
    '{ id cNUMBER: description tags { key dNUMBER: value } } __typename }',
  { aNUMBER: 'none' },
);

/** Lookups (B), cached and executed, beside a flood of queries that all differ. */
export async function measureFlood(seconds: number): Promise<Flood> {
  const stub = await startStub({ certificates: 60 });
  const server = ours();
  const running = await start(server.program(stub.url), SERVER_CORE);
  const given = { url: `${running.url}${server.path}`, connections: CONNECTIONS };
  const ids = (await stub.certificates()).map(({ clientCertificateId }) => clientCertificateId);
  const ordinary = { ...given, bodies: bodiesOf('B', ids), seconds };
  const rates = async () => [
    (await load(ordinary)).requestsPerSecond,
    (await load({ ...ordinary, isNumbered: true })).requestsPerSecond,
  ];
  await load({ ...given, bodies: [RANDOM], seconds: 1 });
  await load({ ...ordinary, isNumbered: true, seconds: WARM_UP_SECONDS });
  await load(ordinary);
  const before = await rates();
  const beforeMib = residentMib(running.pid);
  const flood = load({ ...given, bodies: [RANDOM], seconds: 2 * seconds + 2 });
  await load({ ...ordinary, seconds: 1 });
  const during = await rates();
  const { requests, failures } = await flood;
  if (failures > 0) throw new Error(`${failures} queries of the flood failed`);
  const after = await rates();
  const afterMib = residentMib(running.pid);
  await running.stop();
  await stub.stop();
  const kinds = ['cached', 'executed'].map((kind, index) => ({
    kind,
    before: before[index] ?? Number.NaN,
    during: during[index] ?? Number.NaN,
    after: after[index] ?? Number.NaN,
  }));
  return { kinds, documents: requests, beforeMib, afterMib };
}
