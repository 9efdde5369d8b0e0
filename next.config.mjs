/** Headers of every answer, pages and static files alike. */
const headers = [
  { key: 'Strict-Transport-Security', value: 'max-age=63072000; includeSubDomains; preload' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-XSS-Protection', value: '0' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  {
    key: 'Permissions-Policy',
    value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  // For whatever is no page: a file, a handler's answer, a redirect. Pages get a policy with a nonce in its place, from the
  // middleware. Styles, pictures and workers of ours may do what their page lets them.
  {
    key: 'Content-Security-Policy',
    value:
      "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  },
];

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  productionBrowserSourceMaps: false,
  // `npm run types` checks them, with a compiler that Next does not know yet.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  // Loaded as they are: native code, or files found beside their own.
  serverExternalPackages: ['@node-rs/argon2', 'pg', 'pg-copy-streams', 'pino', 'twilio', 'nodemailer'],
  // Read at run time by lib/platform/place.ts: nothing imports it, so a function would be packed without it.
  outputFileTracingIncludes: {
    // lib/backup/schema.ts.
    '/api/cron/[job]': ['./prisma/migrations/**/*'],
    '/admin/backups': ['./prisma/migrations/**/*'],
    '/admin/jobs': ['./prisma/migrations/**/*'],
    '/account/security': ['./node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb'],
  },
  experimental: {
    // A process that begins because somebody calls answers first; each page is loaded when it is asked for.
    preloadEntriesOnStart: false,
    authInterrupts: true,
    // Beyond `largestForm` of lib/rules/form-body.ts nothing is kept in memory; the middleware sees that there was more.
    proxyClientMaxBodySize: 1024 * 1024 + 64 * 1024,
    serverActions: { bodySizeLimit: 1024 * 1024 },
  },
  headers: async () => [{ source: '/:path*', headers }],
};
