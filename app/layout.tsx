import type { Metadata, Viewport } from 'next';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { outbox } from '@/lib/doors/outbox';
import { DevToolbar } from './_ui/dev-toolbar';
import { Toasts } from './_ui/toast';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'AfterCallPro', template: '%s · AfterCallPro' },
  description: 'Answers your phone when you cannot, and tells you in the morning who called and what they wanted.',
  // Numbers of callers are links where they should be; elsewhere the phone must not make its own.
  formatDetection: { telephone: false },
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1, viewportFit: 'cover' };

export default async function RootLayout({ children }: { children: ReactNode }) {
  // A page prepared ahead of a request would carry no nonce, and the browser would refuse its scripts.
  await connection();
  const mail = await outbox();
  return (
    <html lang="en">
      <body>
        <Toasts>{children}</Toasts>
        {mail && <DevToolbar outbox={mail} />}
      </body>
    </html>
  );
}
