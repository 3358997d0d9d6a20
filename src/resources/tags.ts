import type { InputIssue } from '../errors/errors.ts';
import { lengthIssues, quote, textIssues } from '../errors/input-issues.ts';
import { MAX_TAG_KEY_LENGTH, TAG_CHARACTERS } from '../settings/tag-keys.ts';

/** A tag of a resource. */
export type Tag = { key: string; value: string };

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging.html */
export const MAX_TAGS = 50;
const MAX_VALUE_LENGTH = 256;
const EXPECTED_CHARACTERS = 'letters, digits, spaces and . : + = @ _ / -';

/** Six per tag: length and characters of the key and of the value, the prefix `aws:`, and a repeated key. */
export const MAX_ISSUES = 3 + 6 * MAX_TAGS;

/** Checks AWS's rules for tags, that there is at least one, and that no key is repeated. */
export function tagIssues(tags: Tag[], path: string[]): InputIssue[] {
  const first = tags.slice(0, MAX_TAGS); // all others together are one complaint
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

/** A filter may name a tag without a value, and one that does not exist. Only impossible tags are refused. */
export function tagFilterIssues(
  tags: { key: string; value?: string | null | undefined }[],
  path: string[],
): InputIssue[] {
  return [
    ...(tags.length > MAX_TAGS ? countIssues(tags.length, path) : []),
    ...tags
      .slice(0, MAX_TAGS)
      .flatMap(({ key, value }, index) => [
        ...lengthIssues(key, 1, MAX_TAG_KEY_LENGTH, [...path, String(index), 'key']),
        ...textIssues(key, [...path, String(index), 'key']),
        ...lengthIssues(value ?? '', 0, MAX_VALUE_LENGTH, [...path, String(index), 'value']),
        ...textIssues(value ?? '', [...path, String(index), 'value']),
      ]),
  ];
}

function countIssues(count: number, path: string[]): InputIssue[] {
  if (count >= 1 && count <= MAX_TAGS) return [];
  return [{ path, message: `expected 1 to ${MAX_TAGS}, got ${count}` }];
}

function keyIssues(key: string, path: string[]): InputIssue[] {
  return [
    ...lengthIssues(key, 1, MAX_TAG_KEY_LENGTH, path),
    ...characterIssues(key, path),
    ...(/^aws:/i.test(key)
      ? [{ path, message: `expected no key that starts with aws:, got ${quote(key)}` }]
      : []),
  ];
}

function characterIssues(text: string, path: string[]): InputIssue[] {
  if (TAG_CHARACTERS.test(text)) return [];
  return [{ path, message: `expected ${EXPECTED_CHARACTERS} only, got ${quote(text)}` }];
}

function repeatedIssues(keys: string[], pathOf: (index: number) => string[]): InputIssue[] {
  const seen = new Set<string>();
  return keys.flatMap((key, index) => {
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ path: pathOf(index), message: `expected no key twice, got ${quote(key)} again` }];
  });
}
