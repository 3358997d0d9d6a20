import type { Tag } from '../../resources/tags.ts';
import { builder } from './builder.ts';

export const TagRef = builder.objectRef<Tag>('Tag').implement({
  description: 'A tag of an AWS resource.',
  extensions: { directives: { shareable: {} } },
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Unique on the resource; case-sensitive.' }),
    value: t.exposeString('value', { description: 'May be empty.' }),
  }),
});

export const TagInput = builder.inputType('TagInput', {
  description: 'A tag to set: letters, digits, spaces and `. : + = @ _ / -`.',
  fields: (t) => ({
    key: t.string({ description: '1 to 128 characters, not starting with `aws:`.' }),
    value: t.string({ description: 'Up to 256 characters.' }),
  }),
});
