/** Bars in order, for the shape of things; whoever wants the figures opens the table behind them. */
export function BarChart({
  title,
  columns,
  bars,
  ends,
}: {
  title: string;
  /** What a bar stands for, and what its height is. */
  columns: readonly [string, string];
  bars: readonly { readonly id: string; readonly name: string; readonly value: number; readonly text: string }[];
  /** What stands under the first bar and under the last. */
  ends?: readonly [string, string];
}) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const step = 10;
  const height = 64;
  return (
    <figure className="flex flex-col gap-2">
      <figcaption className="text-quiet">{title}</figcaption>
      <svg
        aria-hidden="true"
        viewBox={`0 0 ${step * bars.length} ${height}`}
        preserveAspectRatio="none"
        className="h-24 w-full border-b border-line"
      >
        {bars.map(({ id, value }, place) => {
          const tall = Math.max(1, (value / most) * height);
          return (
            <rect
              key={id}
              x={place * step + 1}
              y={height - tall}
              width={step - 2}
              height={tall}
              className="fill-accent"
            />
          );
        })}
      </svg>
      {ends && (
        <p aria-hidden="true" className="flex justify-between gap-4 text-meta text-quiet">
          <span>{ends[0]}</span>
          <span>{ends[1]}</span>
        </p>
      )}
      <details className="text-meta">
        <summary className="w-fit rounded-control text-quiet">The same as a table</summary>
        <table className="mt-2 tabular-nums">
          <thead>
            <tr className="text-left text-quiet">
              {columns.map((column) => (
                <th key={column} scope="col" className="pr-6 font-normal">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bars.map(({ id, name, text }) => (
              <tr key={id}>
                <th scope="row" className="pr-6 text-left font-normal">
                  {name}
                </th>
                <td className="pr-6">{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
