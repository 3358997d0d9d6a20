import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { type AwsError, chosen, recorded } from '../errors.ts';

/** In Unicode code points. AWS does not document its limit. */
const MAX_DESCRIPTION_LENGTH = 1024;

const MAX_TAGS = 50;
const TAG_KEY = /^[\p{L}\p{N}\p{Zs}.:+=@_/-]{1,128}$/u;
const TAG_VALUE = /^[\p{L}\p{N}\p{Zs}.:+=@_/-]{0,256}$/u;

export function checkDescription(description: string): void {
  if (!description.isWellFormed()) throw chosen.loneSurrogate();
  if ([...description].length > MAX_DESCRIPTION_LENGTH) throw chosen.description(MAX_DESCRIPTION_LENGTH);
}

/**
 * Checks `tags` by the rules of
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging.html. `all` are
 * the tags that the resource will have, and `tooMany` makes the error for more than 50.
 */
export function checkTags(
  tags: Record<string, string>,
  all = tags,
  tooMany: (most: number) => AwsError = chosen.tooManyTags,
): void {
  for (const [key, value] of Object.entries(tags)) {
    if (/^aws:/i.test(key)) throw recorded.reservedTagKey();
    if (!TAG_KEY.test(key)) throw chosen.tagKey();
    if (!TAG_VALUE.test(value)) throw chosen.tagValue();
  }
  if (Object.keys(all).length > MAX_TAGS) throw tooMany(MAX_TAGS);
}

/**
 * The description after patch operations. A certificate supports only `replace` of `/description`.
 * An empty list is no error
 * (https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html).
 */
export function descriptionAfter(patchOperations: PatchOperation[], before: string): string {
  for (const { op, path } of patchOperations) {
    if (op === undefined) throw chosen.patchOperationMissing();
    if (path === undefined) throw recorded.patchPathMissing();
    if (path !== '/description') throw recorded.patchPath(path, op);
    if (op !== 'replace') throw recorded.patchOperation(path, op);
  }
  const last = patchOperations.at(-1);
  return last ? (last.value ?? '') : before;
}

/**
 * Checks what the service model forbids, which AWS does before it looks for the resource. `input`
 * is the model's name of the operation's input.
 */
export function checkModel(input: string, patchOperations: PatchOperation[]): void {
  const wrong = patchOperations.flatMap(({ op }, i) =>
    op === undefined || OPERATIONS.includes(op) ? [] : [{ op, index: i + 1 }],
  );
  if (wrong.length > 0) throw recorded.patchOperationEnum(input, wrong);
}

const OPERATIONS: string[] = ['add', 'remove', 'move', 'test', 'replace', 'copy'];

/** AWS leaves empty maps of tags and variables out of its answers. */
export const whereAny = (map: Record<string, string>): Record<string, string> | undefined =>
  Object.keys(map).length > 0 ? map : undefined;
