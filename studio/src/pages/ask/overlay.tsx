// Attention laid over the picture it belongs to.

import { useEffect, useRef } from 'react';
import classes from './ask.module.css';
import { colour, type Grid, smooth } from './heat.js';

/** Pixels a side of what is painted; the browser stretches it over the picture, as the model squeezed the picture into a square. */
const EDGE = 160;

export interface OverlayProps {
  readonly grid: Grid;
  /** Opacity where the model looked most, between 0 and 1. */
  readonly strength: number;
}

/** Fills its parent, which is as large as the picture. */
export function Overlay({ grid, strength }: OverlayProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const pixels = new ImageData(colour(smooth(grid, EDGE, EDGE)), EDGE, EDGE);
    canvas.current?.getContext('2d')?.putImageData(pixels, 0, 0);
  }, [grid]);
  return (
    <canvas
      ref={canvas}
      width={EDGE}
      height={EDGE}
      className={classes.overlay}
      style={{ opacity: strength }}
      aria-hidden
    />
  );
}
