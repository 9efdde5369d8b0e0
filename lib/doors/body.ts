/** The body of a request, or `null` where it is larger than `most` bytes: then it was not read to its end. */
export async function readBody(request: Pick<Request, 'headers' | 'body'>, most: number): Promise<Buffer | null> {
  if (Number(request.headers.get('content-length') ?? 0) > most) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > most) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
