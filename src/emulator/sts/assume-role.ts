import { isoSeconds, wholeSeconds } from '../account-region.ts';
import type { Caller } from '../authentication.ts';
import { chosen, recorded } from '../errors/sts.ts';
import { roleOf } from '../role.ts';
import type { Sessions } from '../sessions.ts';
import { assumedRoleUser, getCallerIdentity } from './identity.ts';

/** Whether a role lets itself be assumed with this external id. */
export type Trust = (roleArn: string, externalId: string | undefined) => boolean;

const DEFAULT_SECONDS = 3600;

/** A session that another session starts lasts an hour at most. */
const MAX_CHAINED_SECONDS = 3600;

/** Undefined if a value keeps a rule of the service model. */
type Rule = (value: string) => string | undefined;

const minLength = (least: number): Rule => {
  return ({ length }) => (length < least ? `have length greater than or equal to ${least}` : undefined);
};
const maxLength = (most: number): Rule => {
  return ({ length }) => (length > most ? `have length less than or equal to ${most}` : undefined);
};
const pattern = (source: string): Rule => {
  const regex = new RegExp(`^${source}$`);
  return (value) => (regex.test(value) ? undefined : `satisfy regular expression pattern: ${source}`);
};
const minValue = (least: number): Rule => {
  return (value) => (Number(value) < least ? `have value greater than or equal to ${least}` : undefined);
};
const maxValue = (most: number): Rule => {
  return (value) => (Number(value) > most ? `have value less than or equal to ${most}` : undefined);
};

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const RULES: [parameter: string, isRequired: boolean, rules: Rule[]][] = [
  ['RoleArn', true, [minLength(20), maxLength(2048)]],
  ['RoleSessionName', true, [pattern('[\\w+=,.@-]*'), minLength(2), maxLength(64)]],
  ['DurationSeconds', false, [minValue(900), maxValue(43_200)]],
  ['ExternalId', false, [pattern('[\\w+=,.@:\\/-]*'), minLength(2), maxLength(1224)]],
];

/**
 * Starts a session of a role in any account. The emulator has no IAM: `trust` alone decides, and a
 * session may do everything. Policies, tags and the source identity are not looked at.
 */
export function assumeRole(
  parameters: Record<string, string>,
  caller: Caller,
  { sessions, trust, now }: { sessions: Sessions; trust: Trust; now: () => Date },
) {
  checkParameters(parameters);
  const { RoleArn: roleArn = '', RoleSessionName: sessionName = '' } = parameters;
  const role = roleOf(roleArn);
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+/.test(roleArn)) throw recorded.malformedArn(roleArn);
  if (!role) throw recorded.arnOfNoRole();
  const seconds = Number(parameters['DurationSeconds'] ?? DEFAULT_SECONDS);
  if (caller.session && seconds > MAX_CHAINED_SECONDS) throw recorded.chained();
  if (!trust(roleArn, parameters['ExternalId']))
    throw recorded.accessDenied(getCallerIdentity(caller).Arn, roleArn);
  const expiration = new Date(wholeSeconds(now()).getTime() + seconds * 1000);
  const started = sessions.start({ roleArn, sessionName, expiresMs: expiration.getTime() });
  return {
    AssumedRoleUser: assumedRoleUser(role, { roleArn, sessionName }),
    Credentials: {
      AccessKeyId: started.accessKeyId,
      SecretAccessKey: started.secretAccessKey,
      SessionToken: started.sessionToken,
      Expiration: isoSeconds(expiration),
    },
  };
}

/** All complaints come at once. */
function checkParameters(parameters: Record<string, string>): void {
  if (!/^\d*$/.test(parameters['DurationSeconds'] ?? '')) throw chosen.duration();
  const complaints = RULES.flatMap(([name, isRequired, rules]) => {
    const value = parameters[name];
    const at = `at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must`;
    if (value === undefined) return isRequired ? [`Value null ${at} not be null`] : [];
    return rules.flatMap((rule) => {
      const broken = rule(value);
      return broken === undefined ? [] : [`Value '${value}' ${at} ${broken}`];
    });
  });
  if (complaints.length > 0) throw recorded.constraints(complaints);
}
