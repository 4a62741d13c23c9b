// Adapters: what there are, each file of one, and taking in and removing them.

import { z } from 'zod';
import { ADAPTER_FILES } from '../../format/index.js';
import { filesBody } from '../http/body.js';
import { fileResponse } from '../http/file.js';
import { adapterDetailsSchema, adapterSchema, nameSchema } from '../schema/index.js';
import { FILE_ANSWERS } from './media.js';
import { json, type Route, route, says } from './route.js';

const adapterParams = z.object({ name: nameSchema });
const fileParams = z.object({ name: nameSchema, file: z.string().describe('As `files` of the adapter names it.') });

export const adapterRoutes: readonly Route[] = [
  route(
    {
      ...{ method: 'get', path: '/v1/adapters', name: 'adapters', group: 'Adapters' },
      about: 'All adapters',
      answers: [says(z.array(adapterSchema), 'The adapters.')],
    },
    async ({ service }) => json(await service.adapters()),
  ),
  route(
    {
      ...{ method: 'get', path: '/v1/adapters/{name}', name: 'adapter', group: 'Adapters' },
      about: 'One adapter: what it changes, how it was trained',
      params: adapterParams,
      answers: [says(adapterDetailsSchema, 'All about it.')],
    },
    async ({ service, params, signal, trace }) => {
      trace.adapter = params.name;
      return json(await service.adapter(params.name, { signal }));
    },
  ),
  route(
    {
      ...{ method: 'put', path: '/v1/adapters/{name}', name: 'addAdapter', group: 'Adapters', isPatient: true },
      about: 'Takes in an adapter that was trained elsewhere',
      more: 'A part for each file of its folder, named like the file.',
      params: adapterParams,
      body: filesBody(ADAPTER_FILES),
      answers: [says(adapterSchema, 'It fits the backbone, and can be used at once.', 201)],
      refusals: [503],
    },
    async ({ service, params, body, trace }) => {
      trace.adapter = params.name;
      const adapter = await service.addAdapter(params.name, body);
      return json(adapter, { status: 201, headers: { location: `/v1/adapters/${params.name}` } });
    },
  ),
  route(
    {
      ...{ method: 'delete', path: '/v1/adapters/{name}', name: 'removeAdapter', group: 'Adapters' },
      about: 'Removes an adapter and its files',
      params: adapterParams,
      answers: [{ status: 204, about: 'It is gone.' }],
    },
    async ({ service, params, trace }) => {
      trace.adapter = params.name;
      await service.removeAdapter(params.name);
      return new Response(null, { status: 204 });
    },
  ),
  route(
    {
      ...{ method: 'get', path: '/v1/adapters/{name}/files/{file}', name: 'adapterFile', group: 'Adapters' },
      about: 'One of its files, to take it elsewhere',
      params: fileParams,
      answers: FILE_ANSWERS,
      refusals: [416],
    },
    async ({ service, params, request, trace }) => {
      trace.adapter = params.name;
      const file = await service.adapterFile(params.name, params.file);
      const name = encodeURIComponent(params.file);
      const headers = { 'cache-control': 'private, no-cache', 'content-disposition': `attachment; filename="${name}"` };
      return fileResponse(request, file, headers);
    },
  ),
];
