// Asks for the token of the server, in place of pages that could show nothing without it.

import { Button, Group, PasswordInput } from '@mantine/core';
import { PageFrame } from '../parts/page.js';

/** The server itself reads what is sent: it keeps a right token in a cookie, and of a wrong one says so. */
export function AskForToken() {
  const kept = [...new URLSearchParams(location.search)].filter(([name]) => name !== 'token');
  return (
    <PageFrame
      title="The server wants its token"
      about="The one that this browser has is missing or wrong. It is what the server was started with, of --token or UNIADAPTER_TOKEN."
    >
      <form>
        {kept.map(([name, value], i) => (
          <input key={i} type="hidden" name={name} value={value} />
        ))}
        <Group align="end">
          <PasswordInput
            label="Token"
            name="token"
            autoComplete="current-password"
            required
            withAsterisk={false}
            w={320}
          />
          <Button type="submit">Open</Button>
        </Group>
      </form>
    </PageFrame>
  );
}
