import { type InputIssue, InvalidInputError } from '../errors.ts';

/** A tag, as a certificate has it and as a mutation takes it. */
export type Tag = { key: string; value: string };

/** AWS documents no limit; this is room for any sentence. */
const MAX_DESCRIPTION_LENGTH = 1024;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging.html */
export const MAX_TAGS = 50;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;
const CHARACTERS = /^[\p{L}\p{N}\p{Zs}.:+=@_/-]*$/u;
const EXPECTED_CHARACTERS = 'letters, digits, spaces and . : + = @ _ / -';

/** Six for each tag: of its length and characters, those of its value, that it starts with aws:, that it comes again. */
export const MAX_ISSUES = 3 + 6 * MAX_TAGS;

/** Throws all issues at once, if there are any. */
export function refuse(issues: InputIssue[]): void {
  if (issues.length > 0) throw new InvalidInputError(issues);
}

export function descriptionIssues(description: string, path: string[]): InputIssue[] {
  return [...lengthIssues(description, 0, MAX_DESCRIPTION_LENGTH, path), ...textIssues(description, path)];
}

/** AWS's rules for tags; also that there is one at all, and that no key comes twice. */
export function tagIssues(tags: Tag[], path: string[]): InputIssue[] {
  const first = tags.slice(0, MAX_TAGS); // more than that is one complaint, however many there are
  return [
    ...countIssues(tags.length, path),
    ...first.flatMap(({ key, value }, index) => [
      ...keyIssues(key, [...path, String(index), 'key']),
      ...lengthIssues(value, 0, MAX_VALUE_LENGTH, [...path, String(index), 'value']),
      ...characterIssues(value, [...path, String(index), 'value']),
    ]),
    ...repeatedIssues(
      first.map(({ key }) => key),
      (index) => [...path, String(index), 'key'],
    ),
  ];
}

export function tagKeyIssues(tagKeys: string[], path: string[]): InputIssue[] {
  const first = tagKeys.slice(0, MAX_TAGS);
  return [
    ...countIssues(tagKeys.length, path),
    ...first.flatMap((key, index) => keyIssues(key, [...path, String(index)])),
    ...repeatedIssues(first, (index) => [...path, String(index)]),
  ];
}

/** A filter may name a tag without a value; it needs not exist, so that only what no tag can be is refused. */
export function tagFilterIssues(
  tags: { key: string; value?: string | null | undefined }[],
  path: string[],
): InputIssue[] {
  return [
    ...(tags.length > MAX_TAGS ? countIssues(tags.length, path) : []),
    ...tags
      .slice(0, MAX_TAGS)
      .flatMap(({ key, value }, index) => [
        ...lengthIssues(key, 1, MAX_KEY_LENGTH, [...path, String(index), 'key']),
        ...textIssues(key, [...path, String(index), 'key']),
        ...lengthIssues(value ?? '', 0, MAX_VALUE_LENGTH, [...path, String(index), 'value']),
        ...textIssues(value ?? '', [...path, String(index), 'value']),
      ]),
  ];
}

/** The value as a message may repeat it: short, and as JSON. */
export function got(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  return value === undefined ? 'nothing' : shortened(beginningOf(value));
}

const MAX_QUOTED_LENGTH = 40;

const shortened = (text: string) =>
  text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text;

/** JSON that is right as far as it is quoted, each value in it being a character at least: any depth can come of a client. */
function beginningOf(value: unknown): string {
  let left = MAX_QUOTED_LENGTH + 1;
  return JSON.stringify(value, (_, inner) => {
    left -= 1;
    return left >= 0 ? inner : null;
  });
}

function countIssues(count: number, path: string[]): InputIssue[] {
  if (count >= 1 && count <= MAX_TAGS) return [];
  return [{ path, message: `expected 1 to ${MAX_TAGS}, got ${count}` }];
}

function keyIssues(key: string, path: string[]): InputIssue[] {
  return [
    ...lengthIssues(key, 1, MAX_KEY_LENGTH, path),
    ...characterIssues(key, path),
    ...(/^aws:/i.test(key)
      ? [{ path, message: `expected no key that starts with aws:, got ${got(key)}` }]
      : []),
  ];
}

/** Counted in Unicode code points, as AWS counts characters. */
function lengthIssues(text: string, least: number, most: number, path: string[]): InputIssue[] {
  const { length } = [...text];
  if (length >= least && length <= most) return [];
  return [{ path, message: `expected ${least} to ${most} characters, got ${length}` }];
}

/** Half a surrogate pair has no UTF-8: it would be stored as U+FFFD, and read back as another text than was given. */
function textIssues(text: string, path: string[]): InputIssue[] {
  if (text.isWellFormed()) return [];
  return [{ path, message: `expected Unicode text, got half a surrogate pair in ${got(text)}` }];
}

function characterIssues(text: string, path: string[]): InputIssue[] {
  if (CHARACTERS.test(text)) return [];
  return [{ path, message: `expected ${EXPECTED_CHARACTERS} only, got ${got(text)}` }];
}

function repeatedIssues(keys: string[], pathOf: (index: number) => string[]): InputIssue[] {
  const seen = new Set<string>();
  return keys.flatMap((key, index) => {
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ path: pathOf(index), message: `expected no key twice, got ${got(key)} again` }];
  });
}
