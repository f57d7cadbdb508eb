import { Component, type ReactNode } from 'react';

interface Props {
  children: ReactNode;
  /** Shown in place of what failed. @param retry shows it again */
  fallback: (error: unknown, retry: () => void) => ReactNode;
}

/** Keeps the frame of the page when a screen could not be loaded or shown. */
export class FailureBoundary extends Component<Props, { error: unknown }> {
  override state = { error: undefined as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    const { children, fallback } = this.props;
    return error === undefined ? children : fallback(error, () => this.setState({ error: undefined }));
  }
}
