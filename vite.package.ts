import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

/** The parts of package.json that say what the published package is. */
const KEPT = [
  'name',
  'version',
  'description',
  'keywords',
  'license',
  'repository',
  'bugs',
  'homepage',
  'type',
];

/** The oldest Node that the bundle runs on, which test/package tries. The sources need the newer one of package.json. */
const ENGINES = { node: '>=22.13' };

/** What the package has besides the bundle, each under its name in the package. */
const FILES = {
  'certway.cjs': 'src/certway.cjs',
  'schema.graphql': 'schema.graphql',
  'README.md': 'README.md',
  'CHANGELOG.md': 'CHANGELOG.md',
  LICENSE: 'LICENSE',
};

/** Makes the folder of the build a package with the command `certway` and without dependencies, for `npm pack ./dist`. */
export const npmPackage = (): Plugin => ({
  name: 'certway-package',
  apply: 'build',
  async generateBundle() {
    for (const [fileName, path] of Object.entries(FILES))
      this.emitFile({ type: 'asset', fileName, source: await readFile(path) });
    const manifest: Record<string, unknown> = JSON.parse(await readFile('package.json', 'utf8'));
    const kept = Object.fromEntries(
      KEPT.flatMap((name) => (name in manifest ? [[name, manifest[name]]] : [])),
    );
    const source = JSON.stringify({ ...kept, engines: ENGINES, bin: { certway: 'certway.cjs' } }, null, 2);
    this.emitFile({ type: 'asset', fileName: 'package.json', source: `${source}\n` });
  },
});
