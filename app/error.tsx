'use client'; // Next asks for it in this very file.

import { Failure } from './_ui/failure';

export default function ErrorPage({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return <Failure digest={error.digest} retry={retry} />;
}
