import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';

/** Has the SDK find credentials in its file only, under this profile. Returns what writes the profile's keys there. */
export async function useProfile(profile: string): Promise<(key: string, secret?: string) => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'certway-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'credentials');
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_WEB_IDENTITY_TOKEN_FILE'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_PROFILE', profile);
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
  onTestFinished(() => void vi.unstubAllEnvs());
  return (key, secret = 'SECRET') =>
    writeFile(file, `[${profile}]\naws_access_key_id = ${key}\naws_secret_access_key = ${secret}\n`);
}
