import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';

export type Tag = { key: string; value: string };

/** Tags of an answer as an input takes them, without `__typename`. */
export const inputOf = (tags: readonly Tag[]): Tag[] => tags.map(({ key, value }) => ({ key, value }));

/** AWS lets a resource have so many. */
const MOST_TAGS = 50;

export type TagsFieldProps = {
  tags: readonly Tag[];
  onChange: (tags: Tag[]) => void;
  isDisabled?: boolean;
};

/** Tags to edit. A key that is there twice is marked. */
export function TagsField({ tags, onChange, isDisabled = false }: TagsFieldProps) {
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
  return (
    <AttributeEditor
      items={tags}
      definition={[
        {
          label: 'Key',
          control: input('key'),
          errorText: (tag) => (isTwice(tag, tags) ? 'This key is there twice.' : undefined),
        },
        { label: 'Value', control: input('value') },
      ]}
      addButtonText="Add a tag"
      removeButtonText="Remove"
      removeButtonAriaLabel={({ key }) => `Remove the tag ${key}`}
      disableAddButton={isDisabled || tags.length >= MOST_TAGS}
      isItemRemovable={() => !isDisabled}
      empty="No tags."
      onAddButtonClick={() => onChange([...tags, { key: '', value: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(tags.filter((_, index) => index !== detail.itemIndex))}
    />
  );
}

const isTwice = ({ key }: Tag, tags: readonly Tag[]): boolean =>
  key !== '' && tags.filter((other) => other.key === key).length > 1;

/** Whether they can be sent as they are. */
export const areSendable = (tags: readonly Tag[]): boolean => !tags.some((tag) => isTwice(tag, tags));
