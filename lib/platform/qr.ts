/** A text as a QR code (ISO/IEC 18004), in numbers that can be drawn without styles. */
import encode from 'qr';

/** A square of `size` by `size` modules, its quiet edge included; `path` draws the dark ones, each one unit wide. */
export type QrPicture = { readonly size: number; readonly path: string };

export function qrPicture(text: string): QrPicture {
  const rows = encode(text, 'raw', { ecc: 'medium', border: 4 });
  const path = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return { size: rows.length, path };
}
