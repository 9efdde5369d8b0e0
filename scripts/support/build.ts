/** The steps that turn the sources into something that runs. */
import { run } from './children';
import { unlessUnchanged } from './unchanged';

/** Writes the database client that the sources import. */
export function generate(): Promise<boolean> {
  return unlessUnchanged(
    {
      name: 'generate',
      inputs: ['prisma/schema.prisma', 'package-lock.json'],
      output: 'lib/generated/prisma/client.ts',
    },
    () => run('generate', ['scripts/prisma.mjs', 'generate']),
  );
}

/** Everything that a production build is made from; `lib/generated` comes out of the schema. */
export const sources = [
  ...['app', 'lib', 'public', 'prisma/schema.prisma'],
  ...['middleware.ts', 'instrumentation.ts', 'next.config.mjs', 'postcss.config.mjs', 'tsconfig.json'],
  ...['package.json', 'package-lock.json'],
];

/** Makes the production build. */
export function build(): Promise<boolean> {
  return unlessUnchanged({ name: 'build', inputs: sources, output: '.next/BUILD_ID' }, () =>
    run('build', ['node_modules/next/dist/bin/next', 'build'], { ...process.env, NODE_ENV: 'production' }),
  );
}
