import { SETTINGS } from './settings.ts';

/** Shorter names resemble too many others, as PORT does POST and SPORT: only a swap counts as a slip. */
const LEAST_LETTERS = 7;

/** Common names of other programs that are one slip from a setting. */
const OTHERS = new Set(['API_KEY', 'AWS_REGION']);

/** Kubernetes and Docker announce other services this way: EMULATORS_PORT=tcp://10.0.0.7:4001. */
const SERVICE_LINK = /^(tcp|udp|sctp):\/\//;

const KNOWN = Object.keys(SETTINGS).map((setting) => ({ setting, letters: lettersOf(setting) }));

/**
 * One line for each name in an environment that is one slip from a setting: a letter too many, too few or
 * wrong, two letters swapped, another case, underscores elsewhere. An empty value counts as unset, as it does
 * for settings. Values are not quoted, since some are secrets.
 */
export function misspeltSettings(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (!value || name in SETTINGS || OTHERS.has(name) || SERVICE_LINK.test(value)) return [];
    const letters = lettersOf(name);
    const meant = KNOWN.filter((known) => isOneSlip(letters, known.letters)).map(({ setting }) => setting);
    return meant.length > 0 ? [`${name} is no setting: did you mean ${meant.join(' or ')}?`] : [];
  });
}

function lettersOf(name: string): string {
  return name.replaceAll(/[^a-z0-9]/gi, '').toUpperCase();
}

/** Whether the given letters differ from the known ones by one slip at most. */
function isOneSlip(given: string, known: string): boolean {
  if (Math.abs(given.length - known.length) > 1) return false;
  let start = 0;
  while (start < given.length && given[start] === known[start]) start += 1;
  let end = 0;
  while (end < Math.min(given.length, known.length) - start && given.at(-1 - end) === known.at(-1 - end))
    end += 1;
  const extra = given.slice(start, given.length - end);
  const wanted = known.slice(start, known.length - end);
  if (extra.length === 2) return extra === wanted.charAt(1) + wanted.charAt(0);
  return extra.length <= 1 && wanted.length <= 1 && (known.length >= LEAST_LETTERS || extra + wanted === '');
}
