// An image, or a clip that plays while the pointer or the focus is on it.

import { UnstyledButton } from '@mantine/core';
import { type ComponentProps, type ComponentType, useState } from 'react';
import { client } from '../api/client.js';
import { ClipIcon, type IconProps, PictureIcon } from './icons.js';
import type { Media } from './media.js';
import classes from './picture.module.css';
import { Playback } from './playback.js';

export interface PictureProps {
  readonly media: Media;
  /** What it shows, for who cannot see it. */
  readonly alt: string;
  /** Longer side in pixels that it is shown with. */
  readonly size: number;
  /** Whether a clip plays now; by default while the pointer is on it. */
  readonly isPlaying?: boolean | undefined;
  /** `contain` shows all of it in its own shape; `cover` fills a square. Default `cover`. */
  readonly fit?: 'cover' | 'contain';
}

export function Picture({ media, alt, size, isPlaying, fit = 'cover' }: PictureProps) {
  const [isHovered, setHovered] = useState(false);
  const plays = media.kind === 'video' && (isPlaying ?? isHovered);
  return (
    <div
      className={classes.picture}
      data-fit={fit}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
    >
      <Still src={client.pictureUrl(media.ref, { size: sharp(size) })} alt={alt} kind={media.kind} />
      {plays && <Playback media={media} />}
      {media.kind === 'video' && <span className={classes.badge}>Clip</span>}
    </div>
  );
}

export interface PictureButtonProps
  extends Pick<PictureProps, 'media' | 'alt' | 'size'>,
    Pick<ComponentProps<'button'>, 'onClick' | 'children'> {
  /** Whether it is one of those that arrow keys go through. */
  readonly isHit?: boolean;
}

/** A picture that is chosen by a click, with what belongs to it below; a clip plays while the focus is on it, too. */
export function PictureButton({ media, alt, size, isHit = false, children, onClick }: PictureButtonProps) {
  const [isFocused, setFocused] = useState(false);
  return (
    <UnstyledButton
      className={classes.button}
      data-hit={isHit || undefined}
      onClick={onClick}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <Picture media={media} alt={alt} size={size} isPlaying={isFocused || undefined} />
      {children}
    </UnstyledButton>
  );
}

const ICONS: Readonly<Record<Media['kind'], ComponentType<IconProps>>> = { image: PictureIcon, video: ClipIcon };

/** A picture that shows an icon when it cannot be loaded. */
function Still({ src, alt, kind }: { readonly src: string; readonly alt: string; readonly kind: Media['kind'] }) {
  const [failed, setFailed] = useState('');
  const Icon = ICONS[kind];
  if (failed === src)
    return (
      <div className={classes.missing} role="img" aria-label={`${alt} (cannot be shown)`}>
        <Icon size={28} />
        Cannot be shown
      </div>
    );
  return <img src={src} alt={alt} loading="lazy" decoding="async" onError={() => setFailed(src)} />;
}

/** Sizes that the server is asked for: few, so that its cache holds them, and enough for dense screens. */
function sharp(size: number): number {
  const pixels = size * Math.min(2, window.devicePixelRatio || 1);
  return [160, 320, 640, 1024].find((offered) => offered >= pixels) ?? 1024;
}
