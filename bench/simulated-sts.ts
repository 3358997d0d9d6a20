/** A session of an account: its access key tells whose it is. */
const KEY = /^ASIA(\d{12})$/;

export const accountIdOfKey = (accessKeyId: string): string | undefined => KEY.exec(accessKeyId)?.[1];

/** The answer of the Security Token Service to a form, for a caller with this access key. */
export function answerOfSts(form: URLSearchParams, accessKeyId: string): { operation: string; xml: string } {
  const operation = form.get('Action') ?? '';
  const result = operation === 'AssumeRole' ? session(form.get('RoleArn') ?? '') : identity(accessKeyId);
  return {
    operation,
    xml:
      `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result>${result}` +
      `</${operation}Result><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></${operation}Response>`,
  };
}

function session(roleArn: string): string {
  const accountId = /^arn:aws:iam::(\d{12}):role\//.exec(roleArn)?.[1];
  const expiration = new Date(Date.now() + 60 * 60 * 1000).toISOString();
  return (
    `<Credentials><AccessKeyId>ASIA${accountId}</AccessKeyId><SecretAccessKey>any</SecretAccessKey>` +
    `<SessionToken>any</SessionToken><Expiration>${expiration}</Expiration></Credentials>` +
    `<AssumedRoleUser><Arn>${roleArn}</Arn><AssumedRoleId>AROA:certway</AssumedRoleId></AssumedRoleUser>`
  );
}

function identity(accessKeyId: string): string {
  const accountId = accountIdOfKey(accessKeyId) ?? '100000000000';
  return `<Arn>arn:aws:iam::${accountId}:user/certway</Arn><UserId>AIDA</UserId><Account>${accountId}</Account>`;
}
