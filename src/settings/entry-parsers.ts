import { type ApiKey, parseApiKeys } from '../auth/api-key.ts';
import { parseMtlsClients } from '../auth/mtls.ts';
import { parseAccounts } from './accounts.ts';
import { type Parser, withComplaints } from './parsers.ts';
import { parseWebhooks, type Webhook } from './webhooks.ts';

const someApiKeys = withComplaints('entries "name=SHA256HEX scope scope", separated by commas', parseApiKeys);

/** API keys, or none. */
export const apiKeys: Parser<ApiKey[]> = {
  ...someApiKeys,
  secret: true,
  parse: (text) => (text === '' ? [] : someApiKeys.parse(text)),
};

/** Who may do what by a client certificate. */
export const mtlsClients = withComplaints(
  'entries "NAME scope scope", separated by commas',
  parseMtlsClients,
);

/** AWS accounts: profiles, or roles to assume. */
export const accounts = withComplaints(
  'entries "profile" or "name=role-arn external-id=ID", separated by commas',
  parseAccounts,
);

export const webhooks: Parser<Webhook[]> = {
  ...withComplaints('entries "URL format=FORMAT secret=SECRET", separated by commas', parseWebhooks),
  secret: true,
};
