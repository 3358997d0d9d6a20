import type {
  GetTagsRequest,
  TagResourceRequest,
  Tags,
  UntagResourceRequest,
} from '@aws-sdk/client-api-gateway';
import type { Account } from '../account.ts';
import { pathOfArn } from '../arn.ts';
import { chosen, recorded } from '../errors.ts';
import { checkTags } from './rules.ts';

/** A kind of resource with tags, whose ARNs end in this path. */
export type Taggable = {
  path: RegExp;
  /** Throws if the resource does not exist. `ids` are the groups that the path captures. */
  find(
    account: Account,
    ...ids: string[]
  ): { tags: Record<string, string>; setTags(tags: Record<string, string>): void };
};

/** The three tag operations for these kinds of resources. */
export function createTagOperations(taggables: Taggable[]) {
  function find(account: Account, arn: string | undefined, region: string) {
    const path = pathOfArn(arn, region);
    for (const taggable of taggables) {
      const ids = taggable.path.exec(path);
      if (ids) return taggable.find(account, ...ids.slice(1));
    }
    throw recorded.arnUnsupported();
  }

  return {
    tagResource(account: Account, { resourceArn, tags }: TagResourceRequest, region: string): void {
      const found = find(account, resourceArn, region);
      if (!tags || Object.keys(tags).length === 0) throw chosen.tagsMissing();
      const merged = { ...found.tags, ...tags };
      checkTags(tags, merged);
      found.setTags(merged);
    },

    untagResource(account: Account, { resourceArn, tagKeys }: UntagResourceRequest, region: string): void {
      const { tags, setTags } = find(account, resourceArn, region);
      if (!tagKeys || tagKeys.length === 0) throw chosen.tagKeysMissing();
      setTags(Object.fromEntries(Object.entries(tags).filter(([key]) => !tagKeys.includes(key))));
    },

    /** The service model says that `position` and `limit` are "not currently supported". */
    getTags: (account: Account, { resourceArn }: GetTagsRequest, region: string): Tags => ({
      tags: find(account, resourceArn, region).tags,
    }),
  };
}
