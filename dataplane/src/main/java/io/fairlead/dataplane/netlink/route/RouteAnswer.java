package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.sys.Errno;
import org.jspecify.annotations.Nullable;

/** What becomes of a packet that a {@link RouteLookup} describes. */
public sealed interface RouteAnswer {

  /** It is sent on, or delivered here: see the route's type. */
  record Leads(Route route) implements RouteAnswer {}

  /**
   * It goes nowhere.
   *
   * @param route the one that says so, where the kernel names it
   */
  record Refuses(Reason reason, @Nullable Route route) implements RouteAnswer {}

  /** Why a packet goes nowhere. */
  enum Reason {
    NO_ROUTE(Errno.ENETUNREACH, "no route leads there"),
    UNREACHABLE(Errno.EHOSTUNREACH, "a route says that it is unreachable"),
    PROHIBITED(Errno.EACCES, "a route prohibits it"),
    /** The kernel says no more than EINVAL. */
    INVALID(Errno.EINVAL, "a route discards it (blackhole), or no packet can have these addresses"),
    /** Of packets that come in: with strict reverse path filtering. */
    WRONG_LINK(Errno.EXDEV, "answers would leave through another link (rp_filter)");

    private final int errno;
    private final String sentence;

    Reason(int errno, String sentence) {
      this.errno = errno;
      this.sentence = sentence;
    }

    /** In words, without the packet. */
    public String sentence() {
      return sentence;
    }

    static @Nullable Reason of(int errno) {
      for (Reason reason : values()) {
        if (reason.errno == errno) {
          return reason;
        }
      }
      return null;
    }
  }

  /** The answer that a route is. */
  static RouteAnswer of(Route route) {
    return switch (route.type()) {
      case Route.TYPE_BLACKHOLE -> new Refuses(Reason.INVALID, route);
      case Route.TYPE_UNREACHABLE -> new Refuses(Reason.UNREACHABLE, route);
      case Route.TYPE_PROHIBIT -> new Refuses(Reason.PROHIBITED, route);
      default -> new Leads(route);
    };
  }

  /**
   * The answer that a refusal is.
   *
   * @throws NetlinkException the refusal itself if it says nothing of the packet
   */
  static RouteAnswer of(NetlinkException refusal) throws NetlinkException {
    Reason reason = Reason.of(refusal.errno());
    if (reason == null) {
      throw refusal;
    }
    return new Refuses(reason, null);
  }
}
