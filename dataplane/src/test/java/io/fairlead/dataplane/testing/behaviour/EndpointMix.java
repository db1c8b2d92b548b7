package io.fairlead.dataplane.testing.behaviour;

import static io.fairlead.dataplane.testing.behaviour.EndpointMix.Condition.DRAINING;
import static io.fairlead.dataplane.testing.behaviour.EndpointMix.Condition.GONE;
import static io.fairlead.dataplane.testing.behaviour.EndpointMix.Condition.READY;
import static io.fairlead.dataplane.testing.behaviour.EndpointMix.Condition.UNREADY;
import static io.fairlead.dataplane.testing.behaviour.Host.LOCAL_BOTH;
import static io.fairlead.dataplane.testing.behaviour.Host.LOCAL_CLIENT;
import static io.fairlead.dataplane.testing.behaviour.Host.LOCAL_SERVER;
import static io.fairlead.dataplane.testing.behaviour.Host.REMOTE_CLIENT;
import static io.fairlead.dataplane.testing.behaviour.Host.REMOTE_SERVER;

import java.util.List;

/** Which pods a Service has behind it, and how they are. */
enum EndpointMix {
  NONE("no endpoints"),
  LOCAL("local endpoints"),
  REMOTE("a remote endpoint"),
  BOTH("local and remote endpoints"),
  /** services 33. */
  ITSELF("an endpoint that is a client, too"),
  /** services 15. */
  DRAINING_LOCAL("only a draining local endpoint"),
  /** services 15: decided apart for Cluster and Local. */
  DRAINING_LOCAL_READY_REMOTE("a draining local and a ready remote endpoint"),
  DRAINING_REMOTE("only a draining remote endpoint"),
  /** services 16. */
  UNUSABLE("endpoints that are not ready");

  /** The conditions of an endpoint that matter. */
  enum Condition {
    READY(true, true, false),
    UNREADY(false, false, false),
    /** Terminating, and still serving. */
    DRAINING(false, true, true),
    /** Terminating, and no longer serving. */
    GONE(false, false, true);

    final boolean ready;
    final boolean serving;
    final boolean terminating;

    Condition(boolean ready, boolean serving, boolean terminating) {
      this.ready = ready;
      this.serving = serving;
      this.terminating = terminating;
    }
  }

  /** A pod and how it is. */
  record Backing(Host pod, Condition condition) {}

  private final String title;

  EndpointMix(String title) {
    this.title = title;
  }

  /** The pods, among them some that must never be used. */
  List<Backing> backings() {
    return switch (this) {
      case NONE -> List.of();
      case LOCAL ->
          List.of(
              new Backing(LOCAL_SERVER, READY),
              new Backing(LOCAL_BOTH, READY),
              new Backing(LOCAL_CLIENT, UNREADY));
      case REMOTE -> List.of(new Backing(REMOTE_SERVER, READY));
      case BOTH ->
          List.of(
              new Backing(LOCAL_SERVER, READY),
              new Backing(LOCAL_BOTH, READY),
              new Backing(REMOTE_SERVER, READY),
              new Backing(REMOTE_CLIENT, UNREADY));
      case ITSELF -> List.of(new Backing(LOCAL_BOTH, READY));
      case DRAINING_LOCAL ->
          List.of(new Backing(LOCAL_BOTH, DRAINING), new Backing(REMOTE_SERVER, GONE));
      case DRAINING_LOCAL_READY_REMOTE ->
          List.of(new Backing(LOCAL_BOTH, DRAINING), new Backing(REMOTE_SERVER, READY));
      case DRAINING_REMOTE ->
          List.of(new Backing(REMOTE_SERVER, DRAINING), new Backing(LOCAL_SERVER, UNREADY));
      case UNUSABLE ->
          List.of(new Backing(LOCAL_SERVER, UNREADY), new Backing(REMOTE_SERVER, GONE));
    };
  }

  @Override
  public String toString() {
    return title;
  }
}
