// The size of an adapter beside that of the backbone.

import { percent, size } from '../../parts/format.js';
import classes from './adapters.module.css';

export interface SizeBarProps {
  readonly bytes: number;
  /** Bytes of the backbone; undefined while nobody knows. */
  readonly backbone: number | undefined;
}

export function SizeBar({ bytes, backbone }: SizeBarProps) {
  if (!backbone) return null;
  const share = bytes / backbone;
  return (
    <div
      className={classes.size}
      role="img"
      aria-label={`${percent(share)} of the size of the backbone`}
      title={`${size(bytes)} beside ${size(backbone)} of the backbone`}
    >
      <div className={classes.sizeFill} style={{ width: `${Math.min(100, Math.max(0.5, share * 100))}%` }} />
    </div>
  );
}
