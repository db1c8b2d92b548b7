package io.fairlead.agent.server;

import java.time.Duration;

/**
 * What a listener grants its peers.
 *
 * @param body of a request, in bytes
 * @param connections at a time
 * @param step for a whole request to arrive after the connection or the answer before it, and for a
 *     whole answer to be taken
 */
record ListenerLimits(int body, int connections, Duration step) {

  /** Nobody has anything to say to metrics and health. */
  static final ListenerLimits OPEN_TO_ALL = new ListenerLimits(1024, 64, Duration.ofSeconds(10));

  /** Manifests are posted to the admin socket. */
  static final ListenerLimits ADMIN = new ListenerLimits(8 << 20, 64, Duration.ofSeconds(10));
}
