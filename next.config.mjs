/** Headers of every answer, pages and static files alike. The content security policy, which needs a nonce, is the middleware's. */
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
];

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run types` checks them, with a compiler that Next does not know yet.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  // Loaded as they are: native code, or files found beside their own.
  serverExternalPackages: ['@node-rs/argon2', 'pg', 'pino', 'twilio', 'nodemailer'],
  experimental: { authInterrupts: true },
  headers: async () => [{ source: '/:path*', headers }],
};
