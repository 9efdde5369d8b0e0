import { defineConfig } from 'prisma/config';

// The owner's address: the web process never has it.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations', seed: 'node --import tsx prisma/seed.ts' },
  datasource: { url: process.env.DIRECT_URL ?? '' },
});
