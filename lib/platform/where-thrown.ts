/**
 * Where an error was thrown, by the source that we wrote. What runs is built from it in few long lines; the maps lie beside
 * the built files and are read when an error asks for them. Node would read all of them at the start, and keep them: two
 * thirds of the memory of a server that has just begun.
 */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';

/** `file.ts:12`, or nothing where that cannot be told. */
export function whereThrown({ stack = '' }: Error): string | undefined {
  const found = /^[ \t]+at (?:[^\n]*\()?(?:file:\/\/)?([^()\n]+):(\d+):(\d+)\)?$/m.exec(stack);
  if (!found) return undefined;
  const [, file = '', line = '', column = ''] = found;
  const source = sourceOf(file, Number(line), Number(column)) ?? `${path.basename(file)}:${line}`;
  return /^[\w.[\]-]{1,60}:\d+$/.test(source) ? source : undefined;
}

/** As many as the errors of one outage come from. */
const MOST_MAPS = 8;
const maps = new Map<string, SourceMap | null>();

function sourceOf(file: string, line: number, column: number): string | null {
  const entry = mapOf(file)?.findEntry(line - 1, column - 1);
  if (!entry || !('originalSource' in entry)) return null;
  return `${path.basename(entry.originalSource)}:${entry.originalLine + 1}`;
}

function mapOf(file: string): SourceMap | null {
  const known = maps.get(file);
  if (known !== undefined) return known;
  const map = readMap(file);
  const [oldest] = maps.keys();
  if (maps.size >= MOST_MAPS && oldest !== undefined) maps.delete(oldest);
  maps.set(file, map);
  return map;
}

function readMap(file: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  } catch {
    return null; // not a built file, or built without maps
  }
}
