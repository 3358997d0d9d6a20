import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/**
 * About how many pairs of fields validation has to compare, to see whether fields with the same response name can be
 * merged (https://spec.graphql.org/October2021/#sec-Field-Selection-Merging); not exact above `most`. graphql-js
 * compares each of `n` such fields with every other one, and then their selections.
 */
export function comparisonsIn({ definitions }: DocumentNode, most: number): number {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const fragments = new Map(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const seen = new Set<string>();
  let count = fragments.size ** 2 / 2;

  /** Counts the pairs among fields that are merged; `within` are the fragments that contain them. */
  function compare(selectionSets: readonly SelectionSetNode[], within: readonly string[]): void {
    const { fields, spread } = collect(selectionSets, fragments, within);
    for (const name of spread) seen.add(name);
    for (const nodes of fields.values()) {
      count += nodes.length ** 2;
      if (count > most) return;
      const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (inner.length > 0) compare(inner, [...within, ...spread]);
    }
  }

  for (const { selectionSet } of operations) compare([selectionSet], []);
  for (const [name, { selectionSet }] of fragments) if (!seen.has(name)) compare([selectionSet], []);
  return count;
}

/** The fields of selection sets by response name, with each fragment spread once. */
function collect(
  selectionSets: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  within: readonly string[],
) {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const open = [...selectionSets];
  for (const { selections } of open) {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const nodes = fields.get(name);
        if (nodes) nodes.push(selection);
        else fields.set(name, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) open.push(selection.selectionSet);
      else if (!spread.has(selection.name.value) && !within.includes(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) open.push(fragment.selectionSet);
      }
    }
  }
  return { fields, spread: [...spread] };
}
