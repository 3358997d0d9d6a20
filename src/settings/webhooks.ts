/** Who is told of certificates over HTTP, in the form that they understand. */
export type Webhook = {
  url: string;
  format: 'cloudevents' | 'slack' | 'pagerduty';
  /** Signs CloudEvents, and is the integration key of PagerDuty. Slack has none but its URL. */
  secret: string;
  /** Signs CloudEvents as well, until every receiver knows the new secret; `''` for none. */
  oldSecret: string;
};

const FORMATS = ['cloudevents', 'slack', 'pagerduty'] as const;

/** What the secret of a format must be; undefined if it has none. */
const SECRETS: Record<Webhook['format'], { form: RegExp; expected: string } | undefined> = {
  // 24 to 64 bytes: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
  cloudevents: {
    form: /^whsec_(?=[^=]{32,86}=*$)([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    expected: 'secret=whsec_ and the base64 of 24 to 64 bytes',
  },
  // https://developer.pagerduty.com/docs/send-alert-event
  pagerduty: { form: /^[A-Za-z0-9]{32}$/, expected: 'secret= and an integration key of 32 characters' },
  slack: undefined,
};

const EXPECTED =
  'expected "URL format=cloudevents secret=whsec_…", the same with old-secret=whsec_…, "URL format=slack" or "URL format=pagerduty secret=KEY"';

/** Reads `URL format=FORMAT secret=SECRET` entries, separated by commas; `''` has none. Complaints quote nothing, since URLs may be secrets, too. */
export function parseWebhooks(text: string): { value: Webhook[]; complaints: string[] } {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parseEntry);
  const complaints = entries.flatMap((entry, i) =>
    typeof entry === 'string' ? [`entry ${i + 1}: ${entry}`] : [],
  );
  if (entries.length === 0 && text !== '') complaints.push('expected an entry, got none');
  const webhooks = entries.filter((entry) => typeof entry !== 'string');
  const receivers = webhooks.map(({ url, format, secret }) =>
    format === 'pagerduty' ? `${url} ${secret}` : url,
  );
  if (new Set(receivers).size < receivers.length) complaints.push('expected no receiver twice');
  return { value: webhooks, complaints };
}

/** A complaint if it is wrong. */
function parseEntry(entry: string): Webhook | string {
  const [address = '', ...options] = entry.split(/\s+/);
  const values = new Map(options.map((option) => option.split(/=(.*)/s) as [string, string]));
  const format = FORMATS.find((name) => name === values.get('format'));
  const secret = values.get('secret') ?? '';
  const oldSecret = values.get('old-secret') ?? '';
  const { href, protocol, username, password } = URL.parse(address) ?? { protocol: '' };
  if (!href || !/^https?:$/.test(protocol) || `${username}${password}` !== '')
    return 'expected an http or https URL without credentials first, got something else';
  const areKnown =
    options.length === values.size &&
    values.keys().every((name) => /^(format|secret|old-secret)$/.test(name));
  if (!format || !areKnown) return `${EXPECTED}, got other words after the URL`;
  const needed = SECRETS[format];
  if (!needed && secret !== '') return `expected no secret with format=${format}, got one`;
  if (needed && !needed.form.test(secret))
    return `expected ${needed.expected}, got ${secret === '' ? 'none' : 'something else'}`;
  if (oldSecret !== '' && format !== 'cloudevents')
    return `expected no old-secret with format=${format}, got one`;
  if (oldSecret !== '' && !needed?.form.test(oldSecret))
    return 'expected old-secret like secret, got something else';
  return { url: href, format, secret, oldSecret };
}
