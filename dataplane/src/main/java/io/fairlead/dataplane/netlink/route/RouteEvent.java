package io.fairlead.dataplane.netlink.route;

/** What {@link RouteMonitor} tells. */
public sealed interface RouteEvent {

  /** The object is new, or is now like this. */
  record Changed(RouteObject object) implements RouteEvent {
    @Override
    public String toString() {
      return "changed " + object;
    }
  }

  /** The object is gone. */
  record Deleted(RouteObject object) implements RouteEvent {
    @Override
    public String toString() {
      return "deleted " + object;
    }
  }

  /** Events were dropped: read the state anew. */
  record Overrun() implements RouteEvent {
    @Override
    public String toString() {
      return "overrun";
    }
  }
}
