// Icons of one hand: lines of 1.6 on a grid of 24, in the colour of the text around them. They are decoration; names are beside them.

import type { ReactNode } from 'react';

export interface IconProps {
  /** Pixels a side, default 20. */
  readonly size?: number;
  readonly className?: string | undefined;
}

const icon = (drawing: ReactNode) =>
  function Icon({ size = 20, className }: IconProps) {
    return (
      <svg
        viewBox="0 0 24 24"
        width={size}
        height={size}
        className={className}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.6}
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden
        focusable={false}
      >
        {drawing}
      </svg>
    );
  };

const path = (d: string) => icon(<path d={d} />);

export const SearchIcon = path('M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.2 16.2 20 20');
export const AskIcon = path(
  'M5 5h14a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-7l-4.5 3.5V17H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM9.8 9.2a2.2 2.2 0 1 1 3 2.1c-.6.3-.8.6-.8 1.2M12 14.4v.1',
);
export const TrainIcon = path('M4 4v15a1 1 0 0 0 1 1h15M8 8c1 6 4 8 12 8.5');
export const AdaptersIcon = path('M4 5h16v4H4zM4 15h16v4H4zM8 9v6M16 9v6');
export const WorldIcon = path(
  'M4 20h16M5.5 16.5l4-7 4 7zM13 16.5v-5h6v5zM16.5 7a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z',
);
export const HelpIcon = path(
  'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM9.6 9.7a2.4 2.4 0 1 1 3.3 2.2c-.7.3-.9.8-.9 1.5M12 16.6v.1',
);
export const SunIcon = path(
  'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1',
);
export const MoonIcon = path('M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z');
export const SystemIcon = path('M4 5h16v11H4zM9 20h6M12 16v4');
export const CloseIcon = path('M6 6l12 12M18 6 6 18');
export const PictureIcon = path('M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.5v.1');
export const ClipIcon = path('M4 5h16v14H4zM10 9l5 3-5 3z');
export const PlayIcon = path('M8 5.5v13l10-6.5z');
export const PauseIcon = path('M8.5 6v12M15.5 6v12');
export const UploadIcon = path('M12 16V5M7.5 9 12 4.5 16.5 9M5 15v4h14v-4');
export const DownloadIcon = path('M12 4.5V15M7.5 11 12 15.5 16.5 11M5 16v3.5h14V16');
export const DeleteIcon = path('M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v6M13.5 10.5v6');
export const UpIcon = path('M12 19V5M6 11l6-6 6 6');
export const DownIcon = path('M12 5v14M6 13l6 6 6-6');
export const SimilarIcon = path('M4 8h9v11H4zM8 8V4h12v12h-7');
export const CaptionIcon = path('M4 6h16v12H4zM7.5 14.5h5M15.5 14.5h1M7.5 11h2M12.5 11h4');
export const FilterIcon = path('M4 6h16M7 12h10M10 18h4');
export const CompareIcon = path('M4 5h7v14H4zM13 5h7v14h-7z');
export const FolderIcon = path('M4 6.5h5.5l2 2.5H20v9.5H4z');
export const WarningIcon = path('M12 4 3.5 19.5h17zM12 10v4.5M12 17v.1');
export const CheckIcon = path('M5 12.5l4.5 4.5L19 7');
export const BackIcon = path('M14.5 5.5 8 12l6.5 6.5');
export const NextIcon = path('M9.5 5.5 16 12l-6.5 6.5');
export const DiceIcon = path(
  'M5.500 4.500h13a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1zM8.500 8.500v.1M15.500 8.500v.1M12 12v.1M8.500 15.500v.1M15.500 15.500v.1',
);
