import { generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';

/** One value in DER (https://letsencrypt.org/docs/a-warm-welcome-to-asn1-and-der/). */
export const der = (tag: number, ...content: Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  const size = body.length.toString(16);
  const length = Buffer.from(size.padStart(size.length + (size.length % 2), '0'), 'hex');
  const head =
    body.length < 0x80 ? Buffer.of(tag, body.length) : Buffer.of(tag, 0x80 | length.length, ...length);
  return Buffer.concat([head, body]);
};

/** A certificate and its key, both in PEM. */
export type Identity = { name: string; cert: string; key: string; privateKey: KeyObject };

export type IdentityOptions = {
  /** The common name. */
  name: string;
  /** Who signs it; itself by default, as an authority. */
  issuer?: Identity;
  /** How many days from now it ends, which may be before now. */
  days?: number;
};

const ECDSA_SHA256 = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'));
const oid = (hex: string) => Buffer.from(hex, 'hex');
const nameOf = (text: string) =>
  der(0x30, der(0x31, der(0x30, oid('0603550403'), der(0x0c, Buffer.from(text)))));
const critical = der(0x01, Buffer.of(0xff));

function timeOf(days: number): Buffer {
  const date = new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString();
  return der(0x17, Buffer.from(`${date.slice(2, 19).replace(/[-:T]/g, '')}Z`));
}

/** A certificate for these days, also of the DNS name `localhost` and the address 127.0.0.1. */
export function createIdentity({ name, issuer, days = 1 }: IdentityOptions): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const alternativeNames = der(0x30, der(0x82, Buffer.from('localhost')), der(0x87, Buffer.of(127, 0, 0, 1)));
  const isAuthority = der(0x30, ...(issuer ? [] : [critical]));
  const content = der(
    0x30,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ECDSA_SHA256,
    nameOf(issuer?.name ?? name),
    der(0x30, timeOf(-2), timeOf(days)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      der(
        0x30,
        der(0x30, oid('0603551d11'), der(0x04, alternativeNames)),
        der(0x30, oid('0603551d13'), critical, der(0x04, isAuthority)),
      ),
    ),
  );
  const signature = sign('sha256', content, issuer?.privateKey ?? privateKey);
  const whole = der(0x30, content, ECDSA_SHA256, der(0x03, Buffer.of(0), signature));
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { name, cert: new X509Certificate(whole).toString(), key, privateKey };
}
