'use client';

import { Pause, Play, RotateCcw } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from './button';
import { useHydrated } from './hydrated';
import { duration, playTime } from './times';

const speeds = [1, 1.5, 2] as const;

/**
 * Plays one recording. Without JavaScript it is the browser's own player. Nothing is fetched before somebody presses
 * play, because fetching a recording is noted in the audit trail.
 */
export function AudioPlayer({
  src,
  seconds,
  sendWhenHeard,
}: {
  src: string;
  /** Known length; null when we were never told. */
  seconds: number | null;
  /** The id of a form to send once it was played to the end. */
  sendWhenHeard?: string;
}) {
  const hydrated = useHydrated();
  const audio = useRef<HTMLAudioElement>(null);
  // Addresses expire and every rendering brings a new one: the first is kept, so that playing goes on.
  const [address] = useState(src);
  const [playing, setPlaying] = useState(false);
  const [position, setPosition] = useState(0);
  const [length, setLength] = useState(seconds ?? 0);
  const [speed, setSpeed] = useState<(typeof speeds)[number]>(1);
  const [broken, setBroken] = useState(false);

  function toggle() {
    const player = audio.current;
    if (player === null) return;
    if (player.paused) player.play().catch(() => setBroken(true));
    else player.pause();
  }

  function seek(to: number) {
    if (audio.current) audio.current.currentTime = to;
    setPosition(to);
  }

  function changeSpeed() {
    const next = speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1;
    if (audio.current) audio.current.playbackRate = next;
    setSpeed(next);
  }

  function heard() {
    const form = sendWhenHeard === undefined ? null : document.getElementById(sendWhenHeard);
    if (form instanceof HTMLFormElement) form.requestSubmit();
  }

  return (
    <div className="rounded-card border border-line bg-surface p-3">
      {/* biome-ignore lint/a11y/useMediaCaption: the transcript stands right below the player */}
      <audio
        ref={audio}
        src={address}
        controls={!hydrated}
        preload="none"
        className="w-full"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onTimeUpdate={(event) => setPosition(event.currentTarget.currentTime)}
        onLoadedMetadata={(event) => {
          if (Number.isFinite(event.currentTarget.duration)) setLength(event.currentTarget.duration);
        }}
        onEnded={heard}
        onError={() => setBroken(true)}
      />
      {hydrated && (
        <div className="flex items-center gap-2">
          <Button onClick={toggle} aria-label={playing ? 'Pause' : 'Play'} className="w-11 px-0! desk:w-9">
            {playing ? <Pause aria-hidden className="size-4" /> : <Play aria-hidden className="size-4" />}
          </Button>
          <Button
            variant="quiet"
            onClick={() => seek(Math.max(0, position - 10))}
            aria-label="Back 10 seconds"
            className="px-2!"
          >
            <RotateCcw aria-hidden className="size-4" />
          </Button>
          <input
            type="range"
            min={0}
            max={Math.max(length, 1)}
            step={1}
            value={Math.min(position, Math.max(length, 1))}
            onChange={(event) => seek(Number(event.currentTarget.value))}
            aria-label="Position"
            aria-valuetext={`${duration(Math.floor(position))} of ${duration(Math.floor(length))}`}
            className="h-6 min-w-0 grow accent-accent"
          />
          <span className="text-meta text-quiet tabular-nums whitespace-nowrap">
            {playTime(position)} / {playTime(length)}
          </span>
          <Button variant="quiet" onClick={changeSpeed} aria-label={`Speed ${speed}×`} className="w-12 px-0!">
            {speed}×
          </Button>
        </div>
      )}
      <p role="status">
        {broken && (
          <span className="block pt-2">
            We could not play the recording. It is safe. Open this page again, its address may have expired.
          </span>
        )}
      </p>
    </div>
  );
}
