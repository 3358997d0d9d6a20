import { createHash } from 'node:crypto';
import { type InputIssue, InvalidInputError } from '../../errors/errors.ts';
import { quote } from '../../errors/input-issues.ts';
import { MAX_TAGS, type Tag, tagIssues } from '../tags.ts';
import { descriptionIssues } from './descriptions.ts';
import { parseIdArgument } from './id.ts';
import { REPLACES_TAG } from './replacements.ts';

/** The tag that says which request generated a certificate: a digest of the caller's name and the idempotency key. */
const KEY_TAG = 'certway:idempotency-key';

/** The tag with a digest of what was asked for, which tells whether a key is used for something else. */
const REQUEST_TAG = 'certway:request';

export type GenerateInput = {
  description: string;
  tags: Tag[];
  /** Which certificate the new one is to replace. */
  replaces?: string | null | undefined;
  idempotencyKey?: string | null | undefined;
  /** Where to generate it; each may be left out where there is only one. */
  account?: string | null | undefined;
  region?: string | null | undefined;
};

/** What is asked of AWS. */
export type GenerateRequest = {
  description: string;
  /** Those of the input, then those that this service adds. */
  tags: Tag[];
  /** AWS's id of the certificate that is to be replaced. */
  replaces: string | undefined;
  /** The tag by which an earlier certificate is known as the answer to the same request. */
  mark: Tag | undefined;
  /** The tag that such a certificate has to have besides. */
  proof: Tag | undefined;
};

/** If there are issues, the request must not be used. */
export function parseGenerateInput(
  input: GenerateInput,
  { region, caller }: { region: string; caller: string },
): { request: GenerateRequest; issues: InputIssue[] } {
  const { description, tags, idempotencyKey } = input;
  const replaced =
    input.replaces == null
      ? { clientCertificateId: undefined, issues: [] }
      : parseIdArgument(region, input.replaces, ['input', 'replaces']);
  const replaces = replaced.clientCertificateId;
  const replacesTag = replaces === undefined ? [] : [{ key: REPLACES_TAG, value: replaces }];
  const keyTags =
    idempotencyKey == null
      ? []
      : [
          { key: KEY_TAG, value: digestOf([caller, idempotencyKey]) },
          { key: REQUEST_TAG, value: digestOf([description, sorted(tags), replaces ?? null]) },
        ];
  const added = [...replacesTag, ...keyTags];
  const [mark] = [...keyTags, ...replacesTag];
  return {
    request: { description, tags: [...tags, ...added], replaces, mark, proof: keyTags[1] },
    issues: [
      ...descriptionIssues(description, ['input', 'description']),
      ...(tags.length > 0 ? tagIssues(tags, ['input', 'tags']) : []),
      ...addedTagIssues(tags, added),
      ...replaced.issues,
      ...(idempotencyKey == null ? [] : keyIssues(idempotencyKey)),
    ],
  };
}

/** The complaints about tags that leave no room for those that this service adds. */
function addedTagIssues(tags: Tag[], added: Tag[]): InputIssue[] {
  if (added.length === 0 || tags.length > MAX_TAGS) return [];
  const most = MAX_TAGS - added.length;
  return [
    ...(tags.length > most
      ? [
          {
            path: ['input', 'tags'],
            message: `expected at most ${most} beside those that this service adds, got ${tags.length}`,
          },
        ]
      : []),
    ...tags.flatMap(({ key }, index) =>
      added.some((tag) => tag.key === key)
        ? [
            {
              path: ['input', 'tags', String(index), 'key'],
              message: `expected no key that this service adds itself, got ${quote(key)}`,
            },
          ]
        : [],
    ),
  ];
}

const keyIssues = (key: string): InputIssue[] =>
  /^[\x21-\x7e]{1,255}$/.test(key)
    ? []
    : [
        {
          path: ['input', 'idempotencyKey'],
          message: `expected 1 to 255 visible ASCII characters, got ${key.length} in ${quote(key)}`,
        },
      ];

/** The order of tags means nothing. */
const sorted = (tags: Tag[]) =>
  tags.map(({ key, value }) => [key, value]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1));

/** All of its characters may be in the value of a tag. */
const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url');

/** The error if there is no certificate that the new one could replace. */
export const noneToReplace = (id: string) =>
  new InvalidInputError([
    { path: ['input', 'replaces'], message: `expected a client certificate that exists, got ${quote(id)}` },
  ]);
