import {
  type CertwayError,
  ConflictError,
  type InputIssue,
  InvalidInputError,
  LimitExceededError,
  NotFoundError,
  type ResultErrorCode,
} from '../../errors/errors.ts';
import { MAX_ISSUES } from '../../resources/tags.ts';
import { builder } from './builder.ts';

const ErrorCode = builder.enumType('ErrorCode', {
  description: 'The kind of an error that a mutation returned.',
  values: {
    BAD_USER_INPUT: { description: 'The input is wrong; repeating it does not help.' },
    NOT_FOUND: { description: 'There is no such thing.' },
    CONFLICT: { description: 'A concurrent change prevents it, or something uses what would change.' },
    LIMIT_EXCEEDED: { description: 'A quota of the AWS account is used up.' },
  } satisfies Record<ResultErrorCode, object>,
});

export const ErrorInterface = builder
  .interfaceRef<CertwayError & { code: ResultErrorCode }>('Error')
  .implement({
    description: 'Why a mutation did not happen, for the caller to act on.',
    fields: (t) => ({
      code: t.expose('code', { type: ErrorCode, description: 'For programs.' }),
      message: t.exposeString('message', { description: 'For people.' }),
    }),
  });

const InputIssueRef = builder.objectRef<InputIssue>('InputIssue').implement({
  description: 'A complaint about the input.',
  fields: (t) => ({
    path: t.exposeStringList('path', {
      description: 'The path to the value, beginning with the argument: `["input", "tags", "0", "key"]`.',
    }),
    message: t.exposeString('message', { description: 'What was expected, and what came.' }),
  }),
});

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'The input is wrong. AWS was not asked, or refused it.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    issues: t.expose('issues', {
      type: [InputIssueRef],
      description: 'Every complaint, not just the first.',
      extensions: { directives: { listSize: { assumedSize: MAX_ISSUES } } },
    }),
  }),
});

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: 'What the id names does not exist.',
  interfaces: [ErrorInterface],
});

builder.objectType(ConflictError, {
  name: 'ConflictError',
  description:
    'AWS refuses the change because of a concurrent one, or because something uses what would change.',
  interfaces: [ErrorInterface],
});

builder.objectType(LimitExceededError, {
  name: 'LimitExceededError',
  description:
    'A quota of the AWS account is used up, such as the number of client certificates per region; `message` names it.',
  interfaces: [ErrorInterface],
});
