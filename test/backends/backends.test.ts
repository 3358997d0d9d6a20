import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { outcomeOf, placeOfServer } from './backend.ts';
import { BACKENDS } from './backends.ts';
import { selfSigned, startTrust } from './certificates.ts';

test.each(BACKENDS)('$name trusts the old and the new certificate, and nobody else', async (backend) => {
  const [place, trust] = await Promise.all([placeOfServer(), startTrust()]);
  const clients = {
    old: trust.old,
    new: await trust.generateNew(),
    expired: trust.expired,
    stranger: await selfSigned(),
    none: undefined,
  };
  await writeFile(join(place.folder, backend.file), await trust.bundle(backend.format));
  await backend.start(place);
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const outcomes: Record<string, string> = {};
    for (const [name, identity] of Object.entries(clients))
      outcomes[name] = await outcomeOf(place.port, identity, version);
    expect(outcomes, version).toEqual({
      old: 'accepted',
      new: 'accepted',
      expired: 'refused',
      stranger: 'refused',
      none: 'refused',
    });
  }
});

test.each(BACKENDS.filter(({ format }) => format !== 'pem'))(
  '$name trusts nobody where there is no certificate',
  async ({ format, file, start }) => {
    const [place, trust] = await Promise.all([placeOfServer(), startTrust()]);
    await writeFile(join(place.folder, file), await trust.emptyBundle(format));
    await start(place);
    for (const identity of [trust.old, undefined])
      expect(await outcomeOf(place.port, identity)).toBe('refused');
  },
);

test.each(BACKENDS.filter(({ name, reload }) => reload || name === 'Go'))(
  '$name trusts a new certificate once it has read the new bundle, and the old one all the time',
  async ({ format, file, start, reload }) => {
    const [place, trust] = await Promise.all([placeOfServer(), startTrust()]);
    const path = join(place.folder, file);
    await writeFile(path, await trust.bundle(format));
    const server = await start(place);
    const renewed = await trust.generateNew();
    expect(await outcomeOf(place.port, renewed)).toBe('refused');
    await writeFile(path, await trust.bundle(format));
    if (reload) server.child.kill(reload);
    do expect(await outcomeOf(place.port, trust.old)).toBe('accepted');
    while ((await outcomeOf(place.port, renewed)) !== 'accepted');
  },
);
