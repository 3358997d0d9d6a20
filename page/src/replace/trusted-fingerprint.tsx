import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useState } from 'react';
import { Copied } from '../parts/copied.tsx';
import type { Replaced } from './outcomes.ts';

const plain = (fingerprint: string): string => fingerprint.replaceAll(/[:\s]/g, '').toLowerCase();

/** Whatever their case and colons. */
const isSameFingerprint = (one: string, other: string): boolean => plain(one) === plain(other);

/** Whether a person has said of this certificate that the backends trust it. */
export const isTrustedBy = (trusted: string, { x509 }: Replaced): boolean =>
  isSameFingerprint(trusted, x509.fingerprintSha256);

export type TrustedFingerprintProps = {
  certificate: Replaced;
  which: 'new' | 'old';
  /** With what the backends have, once it is that of the certificate. */
  onTrusted: (fingerprint: string) => void;
};

/** Asks for the fingerprint that the backends trust, as it is there: that of the certificate, or they have not got the bundle. */
export function TrustedFingerprint({ certificate, which, onTrusted }: TrustedFingerprintProps) {
  const [typed, setTyped] = useState('');
  const [isWrong, setIsWrong] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const isRight = isTrustedBy(typed, certificate);
    setIsWrong(!isRight);
    if (isRight) onTrusted(plain(typed));
  }

  return (
    <form onSubmit={submit}>
      <SpaceBetween size="m">
        <FormField label={`SHA-256 fingerprint of the ${which} certificate`}>
          <Copied
            what={`the fingerprint of the ${which} certificate`}
            text={certificate.x509.fingerprintSha256}
          />
        </FormField>
        <FormField
          label={`Fingerprint that the backends trust (${which})`}
          description="Look it up where the backends have their bundle, and paste it. The service moves no stage if it is another one."
          errorText={isWrong ? `This is not the fingerprint of the ${which} certificate.` : ''}
        >
          <Input
            autoComplete={false}
            spellcheck={false}
            value={typed}
            onChange={({ detail }) => setTyped(detail.value)}
          />
        </FormField>
        <Button disabled={typed.trim() === ''}>All backends trust it</Button>
      </SpaceBetween>
    </form>
  );
}
