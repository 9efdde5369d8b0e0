/**
 * Who may import whom: a closed world, in which an import that no line below allows is an error. `npm run architecture`
 *
 * The layers are those of docs/: app → doors → use cases → platform, and everybody → rules.
 */
const useCases =
  '^lib/(accounts|appointments|audit|backup|businesses|calls|jobs|keys|moving|notifications|outreach|privacy)/';
const node =
  '^(node:)?(assert|async_hooks|buffer|child_process|crypto|events|fs|http|https|module|net|os|path|process|readline|stream(/web)?|timers|url|util|zlib)(/promises)?$';

/** Packages by name, a scope standing for all that is in it. */
const packages = (...names) => `^node_modules/(@types/)?(${names.join('|')})/`;

/** A line of the closed world. */
const may = (from, ...to) => ({ from: { path: from }, to: { path: to } });

const allowed = [
  may('^app/', '^app/', '^lib/(doors|rules)/', useCases, packages('lucide-react', 'next', 'react', 'react-dom', 'zod')),
  // Types and nothing else: who is looking.
  may('^app/', '^lib/platform/visit[.]ts$'),
  may('^app/layout[.]tsx$', packages('@fontsource-variable')),
  may(
    '^app/_ui/',
    '^app/_ui/',
    '^lib/rules/',
    packages('altcha-lib', 'libphonenumber-js', 'lucide-react', 'next', 'radix-ui', 'react', 'react-dom'),
  ),
  // Says whether the house stands, which no visitor's door can.
  may('^app/api/health/', '^lib/(doors|platform)/'),

  may('^lib/doors/', '^lib/(doors|platform|rules)/', useCases, node, packages('next', 'next-auth', 'react', 'zod')),
  // Of what is generated the types alone, here and in the rules: scripts/support/source-rules.ts sees to it.
  may(useCases, useCases, '^lib/(generated|platform|rules)/', node, packages('libphonenumber-js', 'luxon', 'zod')),
  may(
    '^lib/platform/',
    '^lib/(generated|platform|rules)/',
    node,
    packages(
      '@aws-sdk',
      '@node-rs',
      '@prisma',
      '@upstash',
      'age-encryption',
      'altcha-lib',
      'ioredis',
      'mmdb-lib',
      'nodemailer',
      'otplib',
      'pg',
      'pg-copy-streams',
      'pino',
      'qr',
      'rate-limiter-flexible',
      'twilio',
      'uuid',
      'zod',
    ),
  ),
  may('^lib/rules/', '^lib/(generated|rules)/', packages('libphonenumber-js', 'luxon')),

  may('^middleware[.]ts$', '^lib/rules/', packages('next')),
  may('^instrumentation[.]ts$', '^lib/(doors|platform|rules)/', useCases),
  may('^(scripts|prisma)/', '^(lib|prisma|scripts)/', node, '^node_modules/'),
  // The headers of every answer, for those that Next does not give.
  may('^scripts/start[.]mjs$', '^next[.]config[.]mjs$'),
  // The hand that holds the phone.
  may('^scripts/', '^simulator/(client|events|moment|script)[.]ts$'),
  may('^simulator/', '^simulator/', '^lib/rules/', node, packages('@xmldom', 'luxon', 'twilio', 'zod')),
  may('^(tests|bench)/', '^', '^node_modules/'),
  may('^[^/]+[.]config[.](ts|mjs)$', '^scripts/support/', node, packages('@playwright', 'next', 'prisma', 'vitest')),
];

const forbidden = [
  {
    name: 'no-cycles',
    comment: 'Two files that need each other are one thing, or one of them holds something of a third.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unresolved',
    comment: 'An import that leads nowhere is checked by nobody.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'nobody-imports-these',
    comment: 'Without the scripts, the simulator, the tests and the bench the product still runs.',
    from: { path: '^(app|lib|prisma)/|^(middleware|instrumentation)[.]ts$' },
    to: { path: '^(scripts|simulator|tests|bench)/' },
  },
  {
    name: 'only-doors-enter',
    comment: 'Whoever else opened the database would stand in it without having proved who is asking.',
    from: {
      path: [useCases, '^app/(?!api/health/)'],
      pathNot: '^lib/(jobs/run-(jobs|clock-job)|backup/drill-backup)[.]ts$',
    },
    to: { path: '^lib/platform/(db|enter)[.]ts$' },
  },
  {
    name: 'the-interface-touches-no-data',
    comment: 'Parts show what they are given; a part that fetches or changes would pass no door.',
    from: { path: '^app/_ui/' },
    to: { path: '^(lib/(?!rules/)|app/(?!_ui/))' },
  },
  {
    name: 'no-development-packages',
    comment: 'They are not there in production.',
    from: { path: '^(app|lib)/|^(middleware|instrumentation)[.]ts$' },
    to: { dependencyTypes: ['npm-dev'], pathNot: '^node_modules/@types/' },
  },
  {
    name: 'only-declared-packages',
    comment: 'A package that is there because another one needs it may be gone tomorrow.',
    from: { pathNot: '^node_modules/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
].map((rule) => ({ ...rule, severity: 'error' }));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  allowedSeverity: 'error',
  allowed,
  forbidden,
  options: {
    doNotFollow: { path: ['node_modules', '^lib/generated/'] },
    exclude: { path: '[.]css$' },
    tsPreCompilationDeps: true,
    preserveSymlinks: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json', '.d.ts'],
    },
  },
};
