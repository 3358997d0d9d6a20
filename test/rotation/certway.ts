import type { serve } from '../support/process.ts';

/** A certificate as the service tells it. */
export type Certificate = { id: string; sha256: string; sha1: string };

const FIELDS = '{ clientCertificateId x509 { fingerprintSha1 fingerprintSha256 } }';

/** What of a stage's replacement the tests look at. */
type Outcome = { stage: { name: string }; status: string };

export const stageArn = (name: string): string =>
  `arn:aws:apigateway:us-east-1::/restapis/payments/stages/${name}`;

/** What people do with the service, step by step. */
export function createCertway({ url, query }: Pick<Awaited<ReturnType<typeof serve>>, 'url' | 'query'>) {
  async function mutate(name: string, input: object, fields: string) {
    const literal = JSON.stringify(input).replaceAll(/"(\w+)":/g, '$1:');
    const text = `mutation { result: ${name}(input: ${literal}) { ... on Error { code message } ${fields} } }`;
    const { data, errors } = await query(text);
    if (errors || data.result.code) throw new Error(JSON.stringify(errors ?? data.result));
    return data.result;
  }

  return {
    /** The map for nginx of the certificates that the backend is to trust. */
    bundle: async (): Promise<string> => {
      const response = await fetch(new URL('/trust-bundle/nginx?tag=team:payments', url));
      if (response.status !== 200) throw new Error(await response.text());
      return response.text();
    },
    certificate: async (id: string): Promise<Certificate> =>
      toCertificate((await query(`{ clientCertificate(id: "${id}") ${FIELDS} }`)).data),
    generate: async (): Promise<Certificate & { generated: boolean }> => {
      const tags = [{ key: 'team', value: 'payments' }];
      const fields = `... on GenerateClientCertificatePayload { generated clientCertificate ${FIELDS} }`;
      const result = await mutate('generateClientCertificate', { replaces: 'old', tags }, fields);
      return { ...toCertificate(result), generated: result.generated };
    },
    /** The answer of the backend to a certificate that the stage need not have. */
    test: async (id: string, stage: string): Promise<{ status: number; accepted: boolean }> => {
      const fields = '... on TestClientCertificatePayload { status accepted }';
      return mutate('testClientCertificate', { id, stage: stageArn(stage) }, fields);
    },
    /** What came of each stage, and how many are left. */
    replace: async (input: object): Promise<Record<string, string | number>> => {
      const fields =
        '... on ReplaceClientCertificatePayload { outcomes { stage { name } status } remaining }';
      const { outcomes, remaining } = await mutate('replaceClientCertificate', input, fields);
      return {
        ...Object.fromEntries(outcomes.map(({ stage, status }: Outcome) => [stage.name, status])),
        remaining,
      };
    },
    /** Takes a certificate out of the next bundle. */
    untag: async (id: string): Promise<void> => {
      const fields = '... on UntagClientCertificatePayload { clientMutationId }';
      await mutate('untagClientCertificate', { id, tagKeys: ['team'] }, fields);
    },
    delete: async (id: string): Promise<void> => {
      const fields = '... on DeleteClientCertificatePayload { clientMutationId }';
      await mutate('deleteClientCertificate', { id }, fields);
    },
  };
}

function toCertificate({
  clientCertificate: { clientCertificateId: id, x509 },
}: {
  clientCertificate: {
    clientCertificateId: string;
    x509: { fingerprintSha1: string; fingerprintSha256: string };
  };
}): Certificate {
  const sha1 = x509.fingerprintSha1.replaceAll(':', '').toLowerCase(); // as nginx writes it
  return { id, sha256: x509.fingerprintSha256, sha1 };
}
