import { GraphQLError, type SelectionSetNode, type ValidationRule } from 'graphql';

/**
 * Refuses `@skip` and `@include` where a subscription chooses its one field (https://spec.graphql.org/September2025/#sec-Single-root-field):
 * without a field, graphql-js 16 has nothing to subscribe to, and throws a `TypeError`.
 */
export const UnconditionalRootRule: ValidationRule = (context) => ({
  OperationDefinition({ operation, selectionSet }) {
    if (operation !== 'subscription') return;
    const seen = new Set<SelectionSetNode>();
    function check(root: SelectionSetNode | undefined): void {
      if (!root || seen.has(root)) return;
      seen.add(root);
      for (const selection of root.selections) {
        const condition = selection.directives?.find(({ name }) => /^(skip|include)$/.test(name.value));
        if (condition) context.reportError(new GraphQLError(MESSAGE, { nodes: condition }));
        if (selection.kind === 'FragmentSpread')
          check(context.getFragment(selection.name.value)?.selectionSet);
        if (selection.kind === 'InlineFragment') check(selection.selectionSet);
      }
    }
    check(selectionSet);
  },
});

const MESSAGE = 'The field of a subscription cannot be skipped or included by a condition.';
