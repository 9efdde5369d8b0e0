import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../app/globals.css', import.meta.url), 'utf8');

type Oklch = readonly [lightness: number, chroma: number, hue: number];

/** The colours a `:root` block sets, by name. */
function colours(block: string): Map<string, Oklch> {
  const found = new Map<string, Oklch>();
  for (const [, name = '', l, c, h] of block.matchAll(/--([\w-]+):\s*oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g)) {
    found.set(name, [Number(l), Number(c), Number(h)]);
  }
  return found;
}

const blocks = [...css.matchAll(/:root \{([^}]*)\}/g)]
  .map(([, body = '']) => colours(body))
  .filter((it) => it.size > 0);
const [light = new Map<string, Oklch>(), dark = new Map<string, Oklch>()] = blocks;

/** OKLCH to linear sRGB, each channel 0..1 when the screen can show it. Matrices: Björn Ottosson, "Oklab". */
function linearRgb([lightness, chroma, hue]: Oklch): [number, number, number] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** WCAG 2.2, "relative luminance". */
function luminance(colour: Oklch): number {
  const [red, green, blue] = linearRgb(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2, "contrast ratio": 1 to 21. */
function contrast(one: Oklch, other: Oklch): number {
  const [dim = 0, bright = 0] = [luminance(one), luminance(other)].sort((x, y) => x - y);
  return (bright + 0.05) / (dim + 0.05);
}

const grounds = ['ground', 'surface'];
const texts = ['text', 'text-quiet', 'accent', 'urgent', 'warn', 'good'];
const textPairs = [
  ...texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)),
  ['accent-text', 'accent'] as const,
];
const shapePairs = ['edge', 'focus'].flatMap((shape) => grounds.map((ground) => [shape, ground] as const));

describe.each([
  ['light', light],
  ['dark', dark],
])('in the %s theme', (_theme, palette) => {
  const colour = (name: string): Oklch => {
    const value = palette.get(name);
    if (value === undefined) throw new Error(`app/globals.css does not set --${name} in this theme`);
    return value;
  };

  test.each(textPairs)('%s can be read on %s', (text, ground) => {
    expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(shapePairs)('%s can be made out on %s', (shape, ground) => {
    expect(contrast(colour(shape), colour(ground))).toBeGreaterThanOrEqual(3);
  });

  test('every colour is one an ordinary screen can show', () => {
    expect(palette.size).toBeGreaterThan(0);
    for (const [name, value] of palette) {
      for (const channel of linearRgb(value)) {
        expect(channel, `--${name} is outside sRGB`).toBeGreaterThanOrEqual(-0.001);
        expect(channel, `--${name} is outside sRGB`).toBeLessThanOrEqual(1.001);
      }
    }
  });
});

test('the two themes set the same colours', () => {
  expect([...dark.keys()].sort()).toEqual([...light.keys()].sort());
});
