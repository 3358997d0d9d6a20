import AttributeEditor, { type AttributeEditorProps } from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';
import { useRef } from 'react';
import { NO_COMPLAINTS, type TagComplaints } from './tag-complaints.ts';

export type Tag = { key: string; value: string };

/** Tags of an answer as an input takes them, without `__typename`. */
export const inputOf = (tags: readonly Tag[]): Tag[] => tags.map(({ key, value }) => ({ key, value }));

/** AWS lets a resource have so many. */
const MOST_TAGS = 50;

export type TagsFieldProps = {
  tags: readonly Tag[];
  onChange: (tags: Tag[]) => void;
  complaints?: TagComplaints;
  isDisabled?: boolean;
};

/** Tags to edit. What is wrong with one stands at its key or value, as does a key that is there twice. */
export function TagsField({
  tags,
  onChange,
  complaints = NO_COMPLAINTS,
  isDisabled = false,
}: TagsFieldProps) {
  const editor = useRef<AttributeEditorProps.Ref>(null);
  const change = (index: number, part: Partial<Tag>) =>
    onChange(tags.map((tag, i) => (i === index ? { ...tag, ...part } : tag)));
  const input = (part: keyof Tag) => (tag: Tag, index: number) => (
    <Input
      value={tag[part]}
      disabled={isDisabled}
      ariaLabel={`${part === 'key' ? 'Key' : 'Value'} of tag ${index + 1}`}
      onChange={({ detail }) => change(index, { [part]: detail.value })}
    />
  );
  /** The last row is the one that goes, and with it the focus. */
  function remove(index: number): void {
    if (tags.length === 1) editor.current?.focusAddButton();
    else if (index === tags.length - 1) editor.current?.focusRemoveButton(index - 1);
    onChange(tags.filter((_, i) => i !== index));
  }

  return (
    <AttributeEditor
      ref={editor}
      items={tags}
      definition={[
        {
          label: 'Key',
          control: input('key'),
          errorText: (tag) => (isTwice(tag, tags) ? 'This key is there twice.' : complaints.get(tag)?.key),
        },
        { label: 'Value', control: input('value'), errorText: (tag) => complaints.get(tag)?.value },
      ]}
      addButtonText="Add a tag"
      removeButtonText="Remove"
      removeButtonAriaLabel={({ key }) =>
        key === '' ? 'Remove the tag without a key' : `Remove the tag ${key}`
      }
      disableAddButton={isDisabled || tags.length >= MOST_TAGS}
      isItemRemovable={() => !isDisabled}
      empty="No tags."
      onAddButtonClick={() => onChange([...tags, { key: '', value: '' }])}
      onRemoveButtonClick={({ detail }) => remove(detail.itemIndex)}
    />
  );
}

const isTwice = ({ key }: Tag, tags: readonly Tag[]): boolean =>
  key !== '' && tags.filter((other) => other.key === key).length > 1;

/** Whether they can be sent as they are. */
export const areSendable = (tags: readonly Tag[]): boolean => !tags.some((tag) => isTwice(tag, tags));
