import { type ByteRange, byteRange } from '@/lib/rules/byte-range';

type Content = { readonly contentType: string; readonly bytes: number };

/**
 * Answers with a file that is private to its viewer, or with the part of it that the request asks for: 200, 206, or 416
 * where it has no such part (RFC 9110, section 14). `read` is asked only for what is sent.
 */
export async function ranged(
  request: Pick<Request, 'headers'>,
  { contentType, bytes }: Content,
  read: (range: ByteRange | null) => Promise<ReadableStream<Uint8Array>>,
): Promise<Response> {
  const headers = {
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-store',
    'Content-Disposition': 'inline',
    'X-Content-Type-Options': 'nosniff',
  };
  // We give out no validator, so whatever `If-Range` names, it is not what is here now.
  const range = request.headers.has('if-range') ? null : byteRange(request.headers.get('range'), bytes);
  if (range === 'unsatisfiable') {
    return new Response(null, { status: 416, headers: { ...headers, 'Content-Range': `bytes */${bytes}` } });
  }
  const length = range ? range.to - range.from + 1 : bytes;
  return new Response(await read(range), {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      'Content-Type': contentType,
      'Content-Length': String(length),
      ...(range && { 'Content-Range': `bytes ${range.from}-${range.to}/${bytes}` }),
    },
  });
}
