import type { Refused } from './refusal.tsx';
import type { Tag } from './tags-field.tsx';

/** What is wrong with the key or the value of single tags. A tag that was edited is another object, so nothing is said of it. */
export type TagComplaints = ReadonlyMap<Tag, Partial<Tag>>;

export const NO_COMPLAINTS: TagComplaints = new Map();

/** Takes what the service says about single tags (`input.tags.2.key`) out of the rest, which no field of a tag shows. */
export function splitOffTags(
  refused: Refused | undefined,
  sent: readonly Tag[],
): { complaints: TagComplaints; rest: Refused | undefined } {
  const complaints = new Map<Tag, Partial<Tag>>();
  const rest = refused?.issues?.filter(({ message, path: [, list, index, part] }) => {
    const tag = list === 'tags' ? sent[Number(index)] : undefined;
    if (!tag || (part !== 'key' && part !== 'value')) return true;
    const before = complaints.get(tag);
    complaints.set(tag, { ...before, [part]: [before?.[part], message].filter(Boolean).join(' ') });
    return false;
  });
  const isAllSaid = complaints.size > 0 && rest?.length === 0;
  return {
    complaints,
    rest: refused && !isAllSaid ? { ...refused, ...(rest && { issues: rest }) } : undefined,
  };
}
