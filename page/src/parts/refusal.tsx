import Alert from '@cloudscape-design/components/alert';
import { graphql } from '../api/generated/index.ts';

/** What every mutation is asked about what it refuses. */
graphql(`
  fragment Refused on Error {
    code
    message
    ... on InvalidInputError {
      issues {
        message
        path
      }
    }
  }
`);

type Issue = { message: string; path: readonly string[] };

/** What the result of a mutation says instead of having done it. */
export type Refused = { code: string; message: string; issues?: readonly Issue[] };

/** The complaints about one part of the input, such as `description`; '' if there is none. */
export const complaintAbout = (name: string, refused: Refused | undefined): string =>
  (refused?.issues ?? [])
    .filter(({ path }) => partOf(path) === name)
    .map(({ message }) => message)
    .join(' ');

/** Of `input`, which all mutations take. */
const partOf = ([, ...names]: readonly string[]): string => names.join('.');

export type RefusalProps = {
  title: string;
  refused: Refused | undefined;
  /** The parts of the input whose complaints stand at their fields. */
  fields?: readonly string[];
};

/** Why a change was not made, as far as no field says it; nothing if it was. */
export function Refusal({ title, refused, fields = [] }: RefusalProps) {
  if (!refused) return null;
  const { message, issues = [] } = refused;
  const others = issues.filter(({ path }) => !fields.includes(partOf(path)));
  if (issues.length > 0 && others.length === 0) return null;
  return (
    <Alert type="error" header={title}>
      {others.length === 0 ? message : others.map((issue) => <div key={issue.message}>{issue.message}</div>)}
    </Alert>
  );
}
