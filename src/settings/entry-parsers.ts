import { type ApiKey, parseApiKeys } from '../auth/api-key.ts';
import { type MtlsClients, parseMtlsClients } from '../auth/mtls.ts';
import { type AccountSetting, parseAccounts } from './accounts.ts';
import type { Parser } from './parsers.ts';
import { parseWebhooks, type Webhook } from './webhooks.ts';

export const apiKeys: Parser<ApiKey[]> = {
  expected: 'entries "name=SHA256HEX scope scope", separated by commas',
  secret: true,
  parse: (text) => {
    if (text === '') return [];
    const { apiKeys, complaints } = parseApiKeys(text);
    return complaints.length === 0 ? apiKeys : undefined;
  },
  complaints: (text) => parseApiKeys(text).complaints,
};

/** Who may do what by a client certificate. */
export const mtlsClients: Parser<MtlsClients> = {
  expected: 'entries "NAME scope scope", separated by commas',
  parse: (text) => {
    const { clients, complaints } = parseMtlsClients(text);
    return complaints.length === 0 ? clients : undefined;
  },
  complaints: (text) => parseMtlsClients(text).complaints,
};

/** AWS accounts: profiles, or roles to assume. */
export const accounts: Parser<AccountSetting[]> = {
  expected: 'entries "profile" or "name=role-arn external-id=ID", separated by commas',
  parse: (text) => {
    const { accounts, complaints } = parseAccounts(text);
    return complaints.length === 0 ? accounts : undefined;
  },
  complaints: (text) => parseAccounts(text).complaints,
};

export const webhooks: Parser<Webhook[]> = {
  expected: 'entries "URL format=FORMAT secret=SECRET", separated by commas',
  secret: true,
  parse: (text) => {
    const { webhooks, complaints } = parseWebhooks(text);
    return complaints.length === 0 ? webhooks : undefined;
  },
  complaints: (text) => parseWebhooks(text).complaints,
};
