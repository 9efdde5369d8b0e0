/** The network's own time: it passes when something takes time on the telephone, and never otherwise. */
export type Clock = {
  now(): Date;
  /** Lets seconds pass. What falls due on the way is done at its own moment, in order. */
  pass(seconds: number): Promise<void>;
  /** Something to be done that many seconds from now. */
  later(seconds: number, task: () => Promise<void>): void;
  /** Lets time pass until nothing is left to do. */
  settle(): Promise<void>;
};

export function startClock(at: Date): Clock {
  let time = at.getTime();
  const tasks: { due: number; run: () => Promise<void> }[] = [];

  async function passUntil(end: number) {
    for (;;) {
      const next = tasks[0];
      if (next === undefined || next.due > end) break;
      tasks.shift();
      time = Math.max(time, next.due);
      await next.run();
    }
    time = Math.max(time, end);
  }

  return {
    now: () => new Date(time),
    pass: (seconds) => passUntil(time + seconds * 1000),
    later(seconds, run) {
      tasks.push({ due: time + seconds * 1000, run });
      tasks.sort((one, other) => one.due - other.due);
    },
    async settle() {
      for (let last = tasks.at(-1); last !== undefined; last = tasks.at(-1)) await passUntil(last.due);
    },
  };
}
