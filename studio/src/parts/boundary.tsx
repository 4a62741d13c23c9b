// Catches what breaks while a page is drawn, so that the rest of the studio stays.

import { Component, type ReactNode } from 'react';
import { client } from '../api/client.js';
import { ErrorState } from './states.js';

interface BoundaryState {
  readonly error: unknown;
}

/** React knows no other way to catch than a class. */
export class Boundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: null };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error };
  }

  /** Code that could not be loaded may be for want of the token. */
  override componentDidCatch(): void {
    client.info().catch(() => null);
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return <ErrorState error={this.state.error} onRetry={() => this.setState({ error: null })} />;
  }
}
