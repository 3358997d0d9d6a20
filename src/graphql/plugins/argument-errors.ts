import { GraphQLError, type ValidationContext, type ValidationRule, ValuesOfCorrectTypeRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Validation errors name the argument whose value is wrong. graphql-js says "Int cannot represent non 32-bit signed
 * integer value: 2147483648" and leaves it to the reader to count columns.
 */
export function useArgumentErrors(): Plugin {
  return {
    onValidate({ validateFn, setValidationFn }) {
      setValidationFn((schema, document, rules, ...rest) =>
        validateFn(schema, document, rules?.map(withArgumentNames), ...rest),
      );
    },
  };
}

const withArgumentNames = (rule: ValidationRule): ValidationRule =>
  rule === ValuesOfCorrectTypeRule ? NamedValuesOfCorrectTypeRule : rule;

const NamedValuesOfCorrectTypeRule: ValidationRule = (context) => {
  const named: ValidationContext = Object.create(context);
  named.reportError = (error) => {
    const argument = context.getArgument();
    if (!argument) return context.reportError(error);
    context.reportError(
      new GraphQLError(`${argument.name}: ${error.message}`, {
        nodes: error.nodes ?? null,
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    );
  };
  return ValuesOfCorrectTypeRule(named);
};
