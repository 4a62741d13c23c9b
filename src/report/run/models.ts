// What a report asks of models. It is handed in, so that pages can be made where there are none.

import type { Evaluated, EvaluateOptions } from '../../evaluate/run.js';
import type { Asking, AskOptions } from '../../predict/ask.js';
import type { Captioned, CaptionOptions } from '../../predict/caption.js';
import type { Search, SearchOptions } from '../../search/folder-search.js';

export interface Models {
  readonly evaluateRun: (options: EvaluateOptions) => Promise<Evaluated>;
  readonly openSearch: (options: SearchOptions) => Promise<Search>;
  readonly openAsking: (options: AskOptions) => Promise<Asking>;
  readonly caption: (options: CaptionOptions) => Promise<readonly Captioned[]>;
}
