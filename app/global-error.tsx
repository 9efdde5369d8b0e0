'use client'; // Next asks for it in this very file.

import './globals.css';
import { Failure } from './_ui/failure';

/** Stands in for the root layout when that itself breaks. */
export default function GlobalError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>That did not work · AfterCallPro</title>
        <Failure digest={error.digest} retry={retry} />
      </body>
    </html>
  );
}
