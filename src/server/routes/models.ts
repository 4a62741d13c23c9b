// Search, questions, captions, embeddings: what models are asked.

import type { z } from 'zod';
import { fail } from '../../error/index.js';
import { jsonBody } from '../http/body.js';
import { eventResponse, type SentEvent } from '../http/events.js';
import {
  askRequestSchema,
  askResultSchema,
  captionRequestSchema,
  captionResultSchema,
  embedRequestSchema,
  embedResultSchema,
  type SearchRequest,
  type SearchResult,
  searchRequestSchema,
  searchResultSchema,
} from '../schema/index.js';
import { type Incoming, json, type Route, route, says } from './route.js';

type Search = z.input<typeof searchRequestSchema>;

// examples work as they stand on a server of the samples
const SEARCH: Search = { library: 'scenes', query: { text: 'a yellow cow' }, limit: 10 };
const MEDIA = { library: 'scenes', item: 'abde86c56e5fce65ba181cd3ae874531' };

export const modelRoutes: readonly Route[] = [
  route(
    {
      ...{ method: 'post', path: '/v1/search', name: 'search', group: 'Search and ask' },
      about: 'Finds images and clips by text, media by media, captions by media',
      more:
        'The nearest embeddings first, of which the best are scored again by the matching head. With `Accept: text/event-stream` ' +
        'both stages are sent as they are ready, as events `first` (where there is a second stage) and `final`; ' +
        'an event `problem` ends the stream instead when something goes wrong on the way.',
      body: jsonBody(searchRequestSchema, SEARCH),
      answers: [
        says(searchResultSchema, 'The final result.'),
        { status: 200, about: 'Both stages.', type: 'text/event-stream', schema: searchResultSchema },
      ],
      refusals: [404, 503],
    },
    ({ body, ...asked }) => (wantsEvents(asked.request) ? searchEvents(body, asked) : finalResult(body, asked)),
  ),
  route(
    {
      ...{ method: 'post', path: '/v1/ask', name: 'ask', group: 'Search and ask' },
      about: 'Answers questions about an image or a clip',
      body: jsonBody(askRequestSchema, {
        adapter: 'scene-answers',
        media: MEDIA,
        questions: ['what color is the cow?'],
      }),
      answers: [says(askResultSchema, 'Answers of each question, the most probable first.')],
      refusals: [404, 503],
    },
    async ({ service, body, signal, trace }) => {
      trace.adapter = body.adapter;
      return json(await service.ask(body, { signal }));
    },
  ),
  route(
    {
      ...{ method: 'post', path: '/v1/caption', name: 'caption', group: 'Search and ask' },
      about: 'Describes images and clips',
      body: jsonBody(captionRequestSchema, { media: [MEDIA] }),
      answers: [says(captionResultSchema, 'A caption of each, in the order asked.')],
      refusals: [404, 503],
    },
    async ({ service, body, signal, trace }) => {
      trace.adapter = body.adapter;
      return json(await service.caption(body, { signal }));
    },
  ),
  route(
    {
      ...{ method: 'post', path: '/v1/embed', name: 'embed', group: 'Search and ask' },
      about: 'Embeds texts and media in the space that search compares in',
      body: jsonBody(embedRequestSchema, { texts: ['a yellow cow'], media: [MEDIA] }),
      answers: [says(embedResultSchema, 'Embeddings in the order asked.')],
      refusals: [404, 503],
    },
    async ({ service, body, signal, trace }) => {
      trace.adapter = body.adapter;
      return json(await service.embed(body, { signal }));
    },
  ),
];

const wantsEvents = (request: Request): boolean => !!request.headers.get('accept')?.includes('text/event-stream');

async function finalResult(request: SearchRequest, { service, signal, trace }: Asking): Promise<Response> {
  trace.adapter = request.adapter;
  let last: SearchResult | undefined;
  for await (const result of service.search(request, { signal })) last = result;
  if (!last) fail('internal', { where: 'search', what: 'ended without a result' });
  return json(last);
}

type Asking = Pick<Incoming, 'service' | 'signal' | 'trace'>;

/** What is refused at once is refused by status; only then the stream begins. */
async function searchEvents(request: SearchRequest, asking: Asking): Promise<Response> {
  asking.trace.adapter = request.adapter;
  const results = asking.service.search(request, { signal: asking.signal })[Symbol.asyncIterator]();
  const first = await results.next();
  return eventResponse(asking, () => sentResults(first, results));
}

async function* sentResults(
  first: IteratorResult<SearchResult>,
  results: AsyncIterator<SearchResult>,
): AsyncGenerator<SentEvent> {
  try {
    for (let next = first; !next.done; next = await results.next()) yield { name: next.value.stage, data: next.value };
  } finally {
    await results.return?.();
  }
}
