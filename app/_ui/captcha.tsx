'use client';

import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import { CircleAlert, LoaderCircle, ShieldCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { captchaMinutes } from '@/lib/rules/captcha';
import { useAnswer } from './action-form';
import { useHydrated } from './hydrated';

type Stage = 'waiting' | 'working' | 'done' | 'too often' | 'failed';

const words: Readonly<Record<Stage, string>> = {
  waiting: 'A check against robots runs by itself while you type. There is no puzzle.',
  working: 'The check against robots is running. It takes a few seconds.',
  done: 'The check against robots is done.',
  'too often': 'The check against robots was asked for too often from your network. Wait some minutes, then try again.',
  failed: 'The check against robots did not work. Look at your connection, then send the form again.',
};

const withoutScript =
  'This form has a check against robots, which your browser works out with JavaScript. Please turn JavaScript on for this page and load it again: without it we cannot take the form.';

/** Solved anew this long before it would run out. */
const spareMilliseconds = 30_000;

/**
 * `captcha`: the solution of a challenge, worked out by the browser while the form is filled in; a form that is sent
 * sooner waits for it. Nothing to do for anybody, so nothing to see or hear well for. Every answer of the server has used
 * the solution up.
 *
 * @param always else it is there from when the server asks for it, with an error of this name.
 */
export function Captcha({ always = false }: { always?: boolean }) {
  const answer = useAnswer();
  const [answered, setAnswered] = useState(answer);
  const [turn, setTurn] = useState(always ? 1 : 0);
  if (answered !== answer) {
    setAnswered(answer);
    if (turn > 0 || answer?.errors?.captcha !== undefined) setTurn(turn + 1);
  }
  return turn > 0 ? <Check key={turn} error={answer?.errors?.captcha} /> : null;
}

function Check({ error }: { error: string | undefined }) {
  const hydrated = useHydrated();
  const field = useRef<HTMLInputElement>(null);
  const [stage, setStage] = useState<Stage>('waiting');

  useEffect(() => {
    const input = field.current;
    const form = input?.form;
    if (!input || !form) return;
    const stop = new AbortController();
    const listen = { signal: stop.signal };
    let solvedAt = Number.NEGATIVE_INFINITY;
    let working: Promise<void> | null = null;
    let isSending = false;
    input.value = '';

    const isFresh = () => performance.now() - solvedAt < captchaMinutes * 60_000 - spareMilliseconds;
    const work = async () => {
      setStage('working');
      const outcome = await solve(stop);
      if (stop.signal.aborted) return;
      setStage(outcome.stage);
      if (outcome.stage !== 'done') return;
      input.value = outcome.solution;
      solvedAt = performance.now();
    };
    const begin = () => {
      working ??= work().finally(() => {
        working = null;
      });
      return working;
    };
    const send = async (button: HTMLElement | null) => {
      isSending = true;
      await begin();
      isSending = false;
      if (isFresh() && !stop.signal.aborted) form.requestSubmit(button);
    };
    form.addEventListener('focusin', () => void (isFresh() || begin()), listen);
    form.addEventListener(
      'submit',
      (event) => {
        if (isFresh()) return;
        event.preventDefault();
        if (!isSending) void send(event.submitter);
      },
      listen,
    );
    if (form.contains(document.activeElement)) void begin();
    return () => stop.abort();
  }, []);

  const problem = stage === 'waiting' ? error : undefined;
  return (
    <div className="flex flex-col gap-1">
      <input ref={field} type="hidden" name="captcha" />
      {hydrated ? (
        <p role="status" className="flex items-start gap-2 text-quiet">
          <StageIcon stage={problem === undefined ? stage : 'failed'} />
          <span>{problem ?? words[stage]}</span>
        </p>
      ) : (
        <p className="late flex items-start gap-2">
          <StageIcon stage="failed" />
          <span>{withoutScript}</span>
        </p>
      )}
    </div>
  );
}

function StageIcon({ stage }: { stage: Stage }) {
  const place = 'mt-0.5 size-4 shrink-0';
  if (stage === 'working') return <LoaderCircle aria-hidden className={`${place} motion-safe:animate-spin`} />;
  if (stage === 'failed' || stage === 'too often') return <CircleAlert aria-hidden className={`${place} text-warn`} />;
  return <ShieldCheck aria-hidden className={`${place} ${stage === 'done' ? 'text-good' : ''}`} />;
}

type Outcome = { readonly stage: 'done'; readonly solution: string } | { readonly stage: 'too often' | 'failed' };

/** Asks for a challenge and solves it. The browser derives keys beside the page, which stays quick meanwhile. */
async function solve(stop: AbortController): Promise<Outcome> {
  try {
    const response = await fetch('/api/captcha', { signal: stop.signal });
    if (!response.ok) return { stage: response.status === 429 ? 'too often' : 'failed' };
    const challenge = await response.json();
    const solution = await solveChallenge({ challenge, deriveKey, controller: stop });
    if (!solution) return { stage: 'failed' };
    return { stage: 'done', solution: btoa(JSON.stringify({ challenge, solution })) };
  } catch {
    return { stage: 'failed' };
  }
}
