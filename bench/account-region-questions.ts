import { bodyOf } from './queries.ts';
import { idOf } from './stub-certificates.ts';
import { behaviourOf, CERTIFICATES, expiryMinuteOf, numbersOf, type Place, placesOf } from './world.ts';

/** What is asked over all accounts and regions, and what is wrong with an answer; undefined if nothing is. */
export type Question = { name: string; body: string; complaint(answer: AnswerBody): string | undefined };

export type AnswerBody = { data?: Data | null; errors?: { message: string }[] };

type Data = {
  clientCertificates?: {
    totalCount?: number;
    nodes?: { clientCertificateId: string }[];
    unavailable?: { accountId: string; region: string }[];
  };
  clientCertificate?: { clientCertificateId: string; region: string } | null;
};

export const FIRST = 25;

const FIRST_PAGE = 'first page';
export const ORDERED = 'ordered by expiration';
const TOTAL_COUNT = 'totalCount';
const BY_GLOBAL_ID = 'lookup, global id';
const BY_AWS_ID = "lookup, AWS's id";

const FIELDS =
  'id clientCertificateId region description status createdDate expirationDate tags { key value }';

/** The questions over a world of this size, and the right answers. */
export function questionsOf(count: number, hasFaults: boolean): Question[] {
  const places = placesOf(count);
  const answering = places.filter((place) => behaviourOf(place, count, hasFaults) === 'answers');
  const numbers = answering.flatMap(numbersOf);
  const unavailable = count - answering.length;
  const byExpiration = numbers.toSorted((a, b) => expiryMinuteOf(a) - expiryMinuteOf(b));
  const [place, number] = someCertificate(answering);
  const list = (args: string, fields: string) => bodyOf(`{ clientCertificates(${args}) { ${fields} } }`);
  const lookup = (id: string) => bodyOf(`{ clientCertificate(id: "${id}") { ${FIELDS} } }`);
  const page = `nodes { ${FIELDS} } pageInfo { endCursor } unavailable { accountId region }`;
  return [
    {
      name: FIRST_PAGE,
      body: list(`first: ${FIRST}`, page),
      complaint: ({ data }) => wrongIds(data, numbers.slice(0, FIRST)),
    },
    {
      name: ORDERED,
      body: list(`first: ${FIRST}, orderBy: { field: EXPIRATION_DATE }`, page),
      complaint: ({ data }) =>
        wrongIds(data, byExpiration.slice(0, FIRST)) ??
        differs('unavailable', unavailable, data?.clientCertificates?.unavailable?.length),
    },
    {
      name: TOTAL_COUNT,
      body: list('first: 1', 'totalCount'),
      complaint: ({ data, errors = [] }) =>
        unavailable > 0
          ? differs('errors', true, errors.length > 0)
          : differs('totalCount', count * CERTIFICATES, data?.clientCertificates?.totalCount),
    },
    { name: BY_GLOBAL_ID, body: lookup(globalIdOf(place, number)), complaint: isFound(place, number) },
    { name: BY_AWS_ID, body: lookup(idOf(number)), complaint: isFound(place, number) },
  ];
}

/** One of a place that is neither among the first nor among the last. */
function someCertificate(places: Place[]): [Place, number] {
  const place = places[Math.floor(places.length * 0.7)];
  const number = place && numbersOf(place)[7];
  if (place === undefined || number === undefined) throw new Error('there is no certificate');
  return [place, number];
}

function globalIdOf({ accountId, region }: Place, number: number): string {
  const arn = `arn:aws:apigateway:${region}::/clientcertificates/${idOf(number)}`;
  return Buffer.from(`ClientCertificate:${accountId}:${arn}`).toString('base64');
}

const isFound =
  ({ region }: Place, number: number): Question['complaint'] =>
  ({ data }) =>
    differs('id', idOf(number), data?.clientCertificate?.clientCertificateId) ??
    differs('region', region, data?.clientCertificate?.region);

const wrongIds = (data: Data | null | undefined, numbers: number[]) =>
  differs(
    'ids',
    numbers.map(idOf).join(),
    data?.clientCertificates?.nodes?.map((node) => node.clientCertificateId).join(),
  );

const differs = (what: string, expected: unknown, got: unknown): string | undefined =>
  expected === got ? undefined : `${what}: expected ${expected}, got ${got}`;
