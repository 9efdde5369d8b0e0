const entities: Record<string, string> = { '&quot;': '"', '&amp;': '&', '&lt;': '<', '&gt;': '>', '&#x27;': "'" };

/** What the inputs of some HTML would send, by name, as far as they are plain inputs. */
export function valuesIn(html: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [input] of html.matchAll(/<input[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(input)?.[1];
    const value = /\bvalue="([^"]*)"/.exec(input)?.[1] ?? '';
    if (name !== undefined)
      values[name] = value.replace(/&(?:quot|amp|lt|gt|#x27);/g, (entity) => entities[entity] ?? '');
  }
  return values;
}
