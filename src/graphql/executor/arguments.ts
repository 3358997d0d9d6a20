import { type FieldNode, type GraphQLField, getArgumentValues, Kind, visit } from 'graphql';
import { giveUp } from './give-up.ts';
import type { Run } from './write.ts';

type Arguments = Record<string, unknown>;

/** The arguments of a field. Those without variables are the same each time. */
export function argumentsOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): (run: Pick<Run<unknown>, 'variables'>) => Arguments {
  if (dependOnVariables(node))
    return ({ variables }) => (variables ? getArgumentValues(field, node, variables) : giveUp('unusual'));
  const args = getArgumentValues(field, node);
  return () => args;
}

function dependOnVariables({ arguments: args = [] }: FieldNode): boolean {
  let found = false;
  const Variable = () => {
    found = true;
  };
  for (const argument of args) visit(argument, { [Kind.VARIABLE]: Variable });
  return found;
}
