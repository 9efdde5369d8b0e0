/** No database is made for this file: DATABASE_URL is an address where nobody listens. */
import { NextRequest } from 'next/server';
import { expect, test } from 'vitest';
import { GET } from '@/app/api/health/route';

test('health is bad while the database is away, and says no more than that', async () => {
  for (const headers of [new Headers(), new Headers({ authorization: `Bearer ${process.env.CRON_SECRET}` })]) {
    const looks = [1, 2, 3].map(() => GET(new NextRequest('http://127.0.0.1:3000/api/health', { headers })));
    for (const response of await Promise.all(looks)) {
      expect([response.status, await response.json()]).toEqual([503, { status: 'degraded' }]);
    }
  }
});
