import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useState } from 'react';
import { Copied } from '../parts/copied.tsx';
import { goTo, hrefTo } from '../shell/route.ts';
import type { Replaced } from './outcomes.ts';

const plain = (fingerprint: string): string => fingerprint.replaceAll(/[:\s]/g, '').toLowerCase();

/** Whatever their case and colons. */
export const isSameFingerprint = (one: string, other: string): boolean => plain(one) === plain(other);

export type TrustedFingerprintProps = { old: Replaced; next: Replaced; trusted: string };

/** Asks for the fingerprint that the backends trust, as it is there: that of the new one, or they have not got the bundle. */
export function TrustedFingerprint({ old, next, trusted }: TrustedFingerprintProps) {
  const [typed, setTyped] = useState(trusted);
  const [isWrong, setIsWrong] = useState(false);
  const expected = next.x509.fingerprintSha256;

  function submit(event: FormEvent): void {
    event.preventDefault();
    const isRight = isSameFingerprint(typed, expected);
    setIsWrong(!isRight);
    if (isRight) goTo(hrefTo.replace(old.id, { trusted: plain(typed) }), { replace: true });
  }

  return (
    <form onSubmit={submit}>
      <SpaceBetween size="m">
        <FormField label="SHA-256 fingerprint of the new certificate">
          <Copied what="the fingerprint of the new certificate" text={expected} />
        </FormField>
        <FormField
          label="Fingerprint that the backends trust"
          description="Look it up where the backends have their bundle, and paste it. The service moves no stage if it is another one."
          errorText={isWrong ? 'This is not the fingerprint of the new certificate.' : ''}
        >
          <Input
            autoComplete={false}
            spellcheck={false}
            value={typed}
            onChange={({ detail }) => setTyped(detail.value)}
          />
        </FormField>
        <Button disabled={typed === ''}>All backends trust it</Button>
      </SpaceBetween>
    </form>
  );
}
